/** The `send_email` binding of a served worker, from the isolate to the transport and back. */
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { carryMail } from "../../scripts/lib/mail/mail-binding.ts";
import { type MailCarrier, startMailCarrier } from "../../scripts/lib/mail/mail-carrier.ts";
import type { ComposedMail } from "../../scripts/lib/mail/mail-transport.ts";
import { err, ok } from "../../workers/shared/result.ts";

const SENDER = `
export default {
  async fetch(request, { MAIL }) {
    const message = await request.json();
    if (message.size > 0) message.html = "x".repeat(message.size);
    delete message.size;
    try {
      return Response.json(await MAIL.send(message));
    } catch (error) {
      return Response.json({ isError: error instanceof Error, code: error.code, message: error.message });
    }
  },
};`;
const MESSAGE = { from: "orders@shop.example", to: "ada@buyer.example", subject: "Hello", html: "<p>x</p>" };

describe("the send_email binding of a served worker", () => {
  const delivered: ComposedMail[] = [];
  let carrier: MailCarrier;
  let miniflare: Miniflare;
  let isClosed = false;

  beforeAll(async () => {
    carrier = await startMailCarrier(
      {
        description: "to a test",
        check: async () => ok(undefined),
        async deliver(mail) {
          delivered.push(mail);
          return mail.to.startsWith("gone@") ? err({ code: "E_RECIPIENT_NOT_ALLOWED", message: "550 gone" }) : ok(undefined);
        },
        close() {
          isClosed = true;
        },
      },
      Date.now,
    );
    const worker = { modules: true, script: SENDER, compatibilityDate: "2026-10-01", email: { send_email: [{ name: "MAIL" }] } };
    miniflare = new Miniflare(
      convertV4MiniflareOptions({ cf: false, telemetry: { enabled: false }, workers: [carryMail(worker, carrier.address)] }),
    );
  });
  afterAll(async () => {
    await miniflare?.dispose();
    await carrier?.close();
    expect(isClosed).toBe(true);
  });

  async function send(changes: object): Promise<unknown> {
    const body = JSON.stringify({ ...MESSAGE, ...changes });
    const answer = await miniflare.dispatchFetch("http://sender", { method: "POST", body });
    return await answer.json();
  }

  it("answers as the platform's does: an id, or an error with a code", async () => {
    const sent = await send({});
    expect(delivered).toMatchObject([{ from: MESSAGE.from, to: MESSAGE.to }]);
    expect(sent).toEqual({ messageId: delivered[0]?.messageId });
    expect(await send({ to: "gone@buyer.example" })).toEqual({
      isError: true,
      code: "E_RECIPIENT_NOT_ALLOWED",
      message: "550 gone",
    });
    const attachments = [{ filename: "a.txt", content: "x", type: "text/plain", disposition: "attachment" }];
    expect(await send({ attachments })).toMatchObject({
      code: "E_VALIDATION_ERROR",
      message: expect.stringContaining("attachments"),
    });
    expect(await send({ size: 6 * 1024 * 1024 })).toMatchObject({ code: "E_CONTENT_TOO_LARGE" });
    expect(delivered.length).toBe(2);
  });

  it("is not carried when its toml restricts it, because nothing here would", () => {
    const restricted = { email: { send_email: [{ name: "MAIL", destination_address: "ada@buyer.example" }] } };
    expect(() => carryMail({ modules: true, script: "", ...restricted }, carrier.address)).toThrow(/MAIL/);
  });
});
