/**
 * Ids in the provider's shape (`pi_` + 24 characters) that rise with time within one account. A charge's id is its
 * payment's with another prefix and its number at the end, so that it needs no table. Impure: clock value and randomness in.
 */
const TIME_LENGTH = 9;
const COUNTER_LENGTH = 3;
const BODY_LENGTH = 24;
const CHARGE_NUMBER_LENGTH = 2;
const COUNTER_MAX = 36 ** COUNTER_LENGTH;
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
/** Bytes from here on would favour the first letters. */
const UNBIASED_BYTE_MAX = 252;

export function randomText(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < UNBIASED_BYTE_MAX && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
}

export class RisingIds {
  #lastMs = 0;
  #counter = 0;

  /** `pi_` + time + counter + randomness. Rises even when the clock goes back. */
  next(prefix: "pi" | "re" | "evt", nowMs: number): string {
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs;
      this.#counter = 0;
    } else if (++this.#counter >= COUNTER_MAX) {
      this.#lastMs += 1;
      this.#counter = 0;
    }
    const time = this.#lastMs.toString(36).padStart(TIME_LENGTH, "0");
    const counter = this.#counter.toString(36).padStart(COUNTER_LENGTH, "0");
    return `${prefix}_${time}${counter}${randomText(BODY_LENGTH - TIME_LENGTH - COUNTER_LENGTH)}`;
  }
}

/** @param number of the charge within its payment, from 0. */
export function chargeIdOf(intentId: string, number: number): string {
  return `ch_${intentId.slice(3, -CHARGE_NUMBER_LENGTH)}${number.toString(36).padStart(CHARGE_NUMBER_LENGTH, "0")}`;
}

/** Range of payment ids that a charge may belong to: exactly one payment is in it. */
export function intentRangeOfCharge(chargeId: string): { readonly from: string; readonly to: string } {
  const prefix = `pi_${chargeId.slice(3, -CHARGE_NUMBER_LENGTH)}`;
  return { from: prefix, to: `${prefix}~` };
}

export function isId(prefix: string, text: string): boolean {
  return new RegExp(`^${prefix}_[0-9a-z]{${BODY_LENGTH}}$`).test(text);
}
