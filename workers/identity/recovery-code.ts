/**
 * Recovery codes, for whoever lost the phone: 80 random bits each, in four groups of letters that cannot be mistaken for
 * each other. Nobody guesses one, so a plain hash is enough and no attempt needs to be counted against the account.
 */
import { sha256Hex } from "../shared/idempotency.ts";

export const RECOVERY_CODES = 10;
const CODE_BYTES = 10;
const GROUP_LENGTH = 4;
/** Crockford's base 32: no i, l, o, u. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const CODE = /^[0-9a-hjkmnp-tv-z]{16}$/;

export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => grouped(crypto.getRandomValues(new Uint8Array(CODE_BYTES))));
}

function grouped(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join("");
  return (letters.match(new RegExp(`.{${GROUP_LENGTH}}`, "g")) ?? []).join("-");
}

/** The letters of what somebody typed, or undefined when it cannot be a recovery code. */
export function readRecoveryCode(text: string): string | undefined {
  const letters = text.toLowerCase().replaceAll(/[\s-]/g, "").replaceAll("o", "0").replaceAll(/[il]/g, "1");
  return CODE.test(letters) ? letters : undefined;
}

export function recoveryCodeHashes(customerId: string, codes: readonly string[]): Promise<readonly string[]> {
  return Promise.all(codes.map((code) => recoveryCodeHash(customerId, code)));
}

/** @param code as made, or as read. */
export function recoveryCodeHash(customerId: string, code: string): Promise<string> {
  return sha256Hex(`${customerId} ${code.replaceAll("-", "")}`);
}
