/** Both ways out, with a mail server of our own and a folder. */
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ComposedMail } from "../../../scripts/lib/mail/mail-transport.ts";
import { OUTBOX_DAYS_MAX, outboxTransport } from "../../../scripts/lib/mail/outbox-transport.ts";
import { smtpTransport } from "../../../scripts/lib/mail/smtp-transport.ts";
import { readSmtpUrl } from "../../../scripts/lib/mail/smtp-url.ts";

function mailTo(to: string, from = "orders@shop.example"): ComposedMail {
  return {
    id: "0123456789abcdef0123456789abcdef",
    messageId: "<1@shop.example>",
    from,
    to,
    raw: Buffer.from("Subject: x\r\n\r\n.\r\nbody\r\n"),
  };
}

describe("a mail by SMTP", () => {
  const USER = "shop";
  const PASSWORD = "not@a:secret/";
  const received: { to: string[]; text: string }[] = [];
  /** What the server answers to an address, at the step where it does. */
  const REFUSALS: Readonly<Record<string, string>> = {
    "gone@buyer.example": "550 5.1.1 no such mailbox",
    "busy@buyer.example": "451 4.3.2 try again later",
    "relay@buyer.example": "554 5.7.1 relay access denied",
    "unknown@shop.example": "550 this sender is not yours",
  };
  const refusal = (address: string) => {
    const [code, ...words] = (REFUSALS[address] ?? "").split(" ");
    return code === "" ? null : Object.assign(new Error(words.join(" ")), { responseCode: Number(code) });
  };
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username, password }, _session, done) =>
      username === USER && password === PASSWORD ? done(null, { user: username }) : done(new Error(`no: ${password}`)),
    onMailFrom: ({ address }, _session, done) => done(refusal(address)),
    onRcptTo: ({ address }, _session, done) => done(refusal(address)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (text.includes("spam")) return done(Object.assign(new Error("spam"), { responseCode: 554 }));
        received.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
        done(null);
      });
    },
  });
  let host = "";

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  async function deliver(mail: ComposedMail, url = `smtp://${USER}:${encodeURIComponent(PASSWORD)}@${host}`) {
    const transport = smtpTransport(readSmtpUrl(url));
    try {
      return await transport.deliver(mail);
    } finally {
      transport.close();
    }
  }

  it("arrives as it was composed", async () => {
    expect(await deliver(mailTo("ada@buyer.example"))).toEqual({ ok: true, value: undefined });
    expect(received).toEqual([{ to: ["ada@buyer.example"], text: "Subject: x\r\n\r\n.\r\nbody\r\n" }]);
  });

  it.each([
    ["a mailbox that does not exist is refused for good", mailTo("gone@buyer.example"), "E_RECIPIENT_NOT_ALLOWED", "5.1.1"],
    [
      "a text that the server does not take is refused for good",
      { ...mailTo("ada@buyer.example"), raw: Buffer.from("\r\n\r\nspam") },
      "E_VALIDATION_ERROR",
      "554",
    ],
    ["a busy server is asked again", mailTo("busy@buyer.example"), "E_DELIVERY_FAILED", "451"],
    ["a server that does not work for the shop is asked again", mailTo("relay@buyer.example"), "E_DELIVERY_FAILED", "5.7.1"],
    [
      "a sender who is not ours is for the operator to mend",
      mailTo("ada@buyer.example", "unknown@shop.example"),
      "E_SENDER_NOT_VERIFIED",
      "550",
    ],
  ])("%s", async (_what, mail, code, words) => {
    expect(await deliver(mail)).toEqual({ ok: false, error: { code, message: expect.stringContaining(words) } });
  });

  it("waits while the login is refused, and says so without the password", async () => {
    const transport = smtpTransport(readSmtpUrl(`smtp://${USER}:${PASSWORD.length}-wrong@${host}`));
    const error = { code: "E_DELIVERY_FAILED", message: "535 the login of SMTP_URL was refused" };
    expect(await transport.check()).toEqual({ ok: false, error });
    expect(await transport.deliver(mailTo("ada@buyer.example"))).toEqual({ ok: false, error });
    expect(transport.description).toBe(`sent by ${host}`);
    transport.close();
  });

  it("waits while there is no server", async () => {
    expect(await deliver(mailTo("ada@buyer.example"), "smtp://127.0.0.1:1")).toMatchObject({
      ok: false,
      error: { code: "E_DELIVERY_FAILED", message: expect.stringContaining("ECONNREFUSED") },
    });
  });

  it("gives a server that says nothing up before the sender gives the attempt up", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const transport = smtpTransport(readSmtpUrl(`smtp://127.0.0.1:${port}`), 50);
    const startedAt = performance.now();
    expect(await transport.deliver(mailTo("ada@buyer.example"))).toMatchObject({
      ok: false,
      error: { code: "E_DELIVERY_FAILED" },
    });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    transport.close();
    silent.close();
  });

  it("goes nowhere, and tells nobody the password, without the encryption that a server elsewhere needs", async () => {
    const before = received.length;
    const elsewhere = {
      ...readSmtpUrl(`smtp://${host}`),
      encryption: "starttls",
      login: { user: USER, password: PASSWORD },
    } as const;
    const transport = smtpTransport(elsewhere);
    expect(await transport.deliver(mailTo("ada@buyer.example"))).toMatchObject({
      ok: false,
      error: { code: "E_DELIVERY_FAILED" },
    });
    transport.close();
    expect(received.length).toBe(before);
  });

  it("goes nowhere when the server's certificate is not to be trusted", async () => {
    const forged = new SMTPServer({ secure: true, authOptional: true, logger: false });
    await new Promise<void>((resolve) => forged.listen(0, "127.0.0.1", resolve));
    forged.on("error", () => {});
    const { port } = forged.server.address() as AddressInfo;
    expect(await deliver(mailTo("ada@buyer.example"), `smtps://127.0.0.1:${port}`)).toMatchObject({
      ok: false,
      error: { code: "E_DELIVERY_FAILED", message: expect.stringMatching(/certificate|IP/) },
    });
    await new Promise<void>((resolve) => forged.close(() => resolve()));
  });
});

describe("a mail in the outbox", () => {
  it("is one file that only its owner reads, and old days are removed", async () => {
    const directory = await mkdtemp(join(tmpdir(), "holdfast-outbox-"));
    await mkdir(join(directory, "2026-11-06"));
    await mkdir(join(directory, "2026-11-07"));
    await mkdir(join(directory, "letters"));
    let nowMs = Date.parse("2026-11-20T23:59:59.007Z");
    const outbox = outboxTransport(directory, () => nowMs);
    const mail = mailTo("ada@buyer.example");
    expect(await outbox.deliver(mail)).toEqual({ ok: true, value: undefined });
    expect(await readdir(directory)).toEqual(["2026-11-06", "2026-11-07", "2026-11-20", "letters"]);
    nowMs += 1_000;
    expect(await outbox.deliver(mail)).toEqual({ ok: true, value: undefined });
    expect(OUTBOX_DAYS_MAX).toBe(14);
    expect(await readdir(directory)).toEqual(["2026-11-07", "2026-11-20", "2026-11-21", "letters"]);

    expect(await readdir(join(directory, "2026-11-20"))).toEqual([`235959007-${mail.id}.eml`]);
    const file = join(directory, "2026-11-21", `000000007-${mail.id}.eml`);
    expect(await readFile(file)).toEqual(mail.raw);
    expect((await stat(file)).mode & 0o077).toBe(0);
    // Somebody may clear it at any time; what cannot be written is tried again.
    await rm(directory, { recursive: true });
    expect(await outbox.deliver(mail)).toMatchObject({ ok: false, error: { code: "E_DELIVERY_FAILED" } });
    expect(await outbox.deliver(mail)).toEqual({ ok: true, value: undefined });
    await rm(directory, { recursive: true });
  });
});
