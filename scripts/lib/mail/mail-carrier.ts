/**
 * Takes the mails of the served workers over a socket that only this user can open, and hands them to a transport: 204 with
 * the `message-id` when it went, 422 with the platform's code and a message when not.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { err, ok, type Result } from "../../../workers/shared/result.ts";
import type { MailRefusal, MailTransport } from "./mail-transport.ts";

/** https://developers.cloudflare.com/email-service/platform/limits/ */
const MAIL_BYTES_MAX = 5 * 1024 * 1024;
/** The runtime gives an idle connection up after seconds; it must be the first, or a mail meets a closing one. */
const KEEP_ALIVE_MS = 120_000;

export interface MailCarrier {
  /** As workerd writes it. */
  readonly address: string;
  close(): Promise<void>;
}

/** Closes the transport with it, and waits for what is under way. */
export async function startMailCarrier(transport: MailTransport, now: () => number): Promise<MailCarrier> {
  const carrying = new Set<Promise<void>>();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const work = carry(request, transport, now())
      .catch((error: unknown) => err({ code: "E_DELIVERY_FAILED", message: String(error) }))
      .then((carried) => {
        if (carried.ok) response.writeHead(204, { "message-id": carried.value }).end();
        else response.writeHead(422, { "content-type": "application/json" }).end(JSON.stringify(carried.error));
        carrying.delete(work);
      });
    carrying.add(work);
  });
  // A folder of its own is closed to others, which a socket alone is not everywhere. The state's path may be too long for one.
  const folder = mkdtempSync(join(tmpdir(), "holdfast-mail-"));
  // Miniflare ends the process on a signal without waiting for anybody.
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeFolder);
  const path = join(folder, "carrier");
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  return {
    address: `unix:${path}`,
    async close() {
      transport.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(carrying);
      process.off("exit", removeFolder);
      removeFolder();
    },
  };
}

async function carry(request: IncomingMessage, transport: MailTransport, nowMs: number): Promise<Result<string, MailRefusal>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAIL_BYTES_MAX) chunks.push(chunk);
  }
  if (bytes > MAIL_BYTES_MAX)
    return err({ code: "E_CONTENT_TOO_LARGE", message: `${bytes} bytes are more than ${MAIL_BYTES_MAX}` });
  // Loaded with the first mail: a shop that starts should not wait for it.
  const { composeMail } = await import("./compose-mail.ts");
  const mail = await composeMail(JSON.parse(Buffer.concat(chunks).toString("utf8")), randomUUID(), nowMs);
  if (!mail.ok) return mail;
  const delivered = await transport.deliver(mail.value);
  return delivered.ok ? ok(mail.value.messageId) : delivered;
}
