/**
 * Answers kept for replay may hold tokens and addresses. They are sealed with a key that only the caller's
 * Idempotency-Key and our secret together give, so that the stored rows alone say nothing: not the key, not the body,
 * not the answer. HMAC-SHA-256 for names and keys, AES-256-GCM for the seal.
 */
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

const IV_BYTES = 12;
const encoder = new TextEncoder();

export interface AnswerSeal {
  /** Names the record; 64 hex digits. */
  readonly recordId: string;
  /** Compares bodies without keeping anything to guess them from. */
  bodyDigest(body: ArrayBuffer): string;
  seal(text: string): Promise<string>;
  /** @throws when the text was not sealed by the same key. */
  open(sealed: string): Promise<string>;
}

/** @param scope whose key it is and for what: two principals, or two paths, never share a record. */
export function answerSeal(secret: string, scope: readonly string[], idempotencyKey: string): AnswerSeal {
  const name = JSON.stringify([...scope, idempotencyKey]);
  const mac = (purpose: string, data: string | Uint8Array) =>
    createHmac("sha256", secret).update(`${purpose}\n${name}\n`).update(data);
  const key = () => crypto.subtle.importKey("raw", mac("seal", "").digest(), "AES-GCM", false, ["encrypt", "decrypt"]);
  return {
    recordId: mac("record", "").digest("hex"),
    bodyDigest: (body) => mac("body", new Uint8Array(body)).digest("hex"),
    seal: async (text) => {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), encoder.encode(text));
      return `${Buffer.from(iv).toString("base64")}.${Buffer.from(sealed).toString("base64")}`;
    },
    open: async (sealed) => {
      const [iv = "", data = ""] = sealed.split(".");
      const text = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: Buffer.from(iv, "base64") },
        await key(),
        Buffer.from(data, "base64"),
      );
      return new TextDecoder().decode(text);
    },
  };
}
