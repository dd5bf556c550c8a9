import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { composeMail } from "../../../scripts/lib/mail/compose-mail.ts";

const NOW_MS = Date.parse("2026-11-21T07:15:03Z");
const MESSAGE = {
  from: { name: "The Shop", email: "orders@shop.example" },
  to: "ada@buyer.example",
  subject: "Your order 261121-005-0001",
  html: "<p>Thank you</p>",
  text: "Thank you",
  headers: { "X-Entity-Ref-ID": "event/order_confirmation" },
};

async function composed(changes: object = {}) {
  const mail = await composeMail({ ...MESSAGE, ...changes }, "unique", NOW_MS);
  if (!mail.ok) throw new Error(mail.error.message);
  return mail.value;
}

async function refused(changes: object) {
  return await composeMail({ ...MESSAGE, ...changes }, "unique", NOW_MS);
}

describe("a composed mail", () => {
  it("reads as what was asked for", async () => {
    const mail = await composed();
    expect(mail).toMatchObject({ from: "orders@shop.example", to: "ada@buyer.example" });
    expect(await PostalMime.parse(mail.raw)).toMatchObject({
      from: { name: "The Shop", address: "orders@shop.example" },
      to: [{ name: "", address: "ada@buyer.example" }],
      subject: MESSAGE.subject,
      messageId: mail.messageId,
      date: "2026-11-21T07:15:03.000Z",
      text: expect.stringMatching(/^Thank you\s*$/),
      html: expect.stringMatching(/^<p>Thank you<\/p>\s*$/),
    });
  });

  it("keeps every script and long lines, in lines that every server takes", async () => {
    const text = `${"ありがとうございます ".repeat(200)}\n${"x".repeat(5_000)}\n.\nend`;
    const subject = `Ihre Bestellung für „Größe“ 注文の確認 ${"ä".repeat(200)}`;
    const mail = await composed({ from: { name: "Läden & Söhne, 店", email: "orders@shop.example" }, subject, text });
    const lines = mail.raw.toString("latin1").split("\r\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(mail.raw.every((byte) => byte < 128)).toBe(true);
    const read = await PostalMime.parse(mail.raw);
    expect(read.subject).toBe(subject);
    expect(read.from).toEqual({ name: "Läden & Söhne, 店", address: "orders@shop.example" });
    expect(read.text?.trim()).toBe(text);
  });

  it("gets no header and no recipient from a line break in a name or subject", async () => {
    for (const lineBreak of ["\r\n", "\n", "\r", "\u2028", "\u0000"]) {
      const evil = `x${lineBreak}Bcc: eve@evil.example${lineBreak}${lineBreak}body`;
      const mail = await composed({ subject: evil, from: { name: evil, email: "orders@shop.example" } });
      const read = await PostalMime.parse(mail.raw);
      expect(read.headers.map(({ key }) => key).sort()).toEqual(
        ["content-type", "date", "from", "message-id", "mime-version", "subject", "to", "x-entity-ref-id"].sort(),
      );
      expect(read.subject).toMatch(/^x +Bcc: eve@evil\.example +body$/);
    }
  });

  it("has the same Message-ID at every attempt, and another for another reader or subject", async () => {
    const first = await composed();
    expect(first.messageId).toBe(`<${first.id}@shop.example>`);
    expect(first.id).toMatch(/^[0-9a-f]{32}$/);
    expect((await composed({ html: "<p>later</p>" })).id).toBe(first.id);
    expect((await composed({ to: "eve@buyer.example" })).id).not.toBe(first.id);
    expect((await composed({ subject: "Your order 2" })).id).not.toBe(first.id);
    expect((await composed({ headers: {} })).id).not.toBe(first.id);
    expect((await composed({ from: "orders@läden.example" })).messageId).toMatch(/@xn--lden-loa\.example>$/);
  });

  it.each([
    ["two recipients in one", { to: "ada@buyer.example, eve@evil.example" }],
    ["a recipient with a line break", { to: "ada@buyer.example\r\nRCPT TO:<eve@evil.example>" }],
    ["a recipient with a name", { to: "Eve <eve@evil.example>" }],
    ["a list of recipients", { to: ["ada@buyer.example"] }],
    ["a hidden recipient", { bcc: "eve@evil.example" }],
    ["attachments", { attachments: [{ filename: "a.txt", content: "x" }] }],
    ["no body", { html: undefined, text: undefined }],
    ["a file as its body", { html: { path: "/etc/passwd" } }],
    ["a header with a line break", { headers: { "X-Shop": "a\r\nBcc: eve@evil.example" } }],
  ])("is refused with %s", async (_what, changes) => {
    expect(await refused(changes)).toMatchObject({ ok: false, error: { code: "E_VALIDATION_ERROR" } });
  });

  it.each(["Bcc", "Content-Type", "Message-ID", "X-A: b\r\nBcc", "x"])("is refused with the header %j", async (name) => {
    expect(await refused({ headers: { [name]: "eve@evil.example" } })).toMatchObject({
      ok: false,
      error: { code: "E_HEADER_NOT_ALLOWED" },
    });
  });
});
