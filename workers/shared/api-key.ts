/**
 * How API keys look: `hf_live_`, 32 random characters of base 62 (190 bits), and their CRC-32 in six more. The prefix lets
 * secret scanners find a key that leaked; the checksum tells a mistyped one before anything is asked. Pure but for the dice.
 */
import { crc32 } from "node:zlib";

export const API_KEY_PREFIX = "hf_live_";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
/** Bytes from here on would make the first letters likelier than the last. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);
const SHAPE = new RegExp(`^${API_KEY_PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

export function newApiKey(): string {
  let random = "";
  while (random.length < RANDOM_LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(RANDOM_LENGTH))) {
      if (byte < FAIR_BYTES && random.length < RANDOM_LENGTH) random += ALPHABET[byte % ALPHABET.length];
    }
  }
  return `${API_KEY_PREFIX}${random}${checksumOf(random)}`;
}

/** Whether it can be a key of ours at all; says nothing about whether it opens something. */
export function isApiKey(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  const random = text.slice(API_KEY_PREFIX.length, -CHECKSUM_LENGTH);
  return text.slice(-CHECKSUM_LENGTH) === checksumOf(random);
}

function checksumOf(random: string): string {
  let rest = crc32(`${API_KEY_PREFIX}${random}`);
  let digits = "";
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    digits = `${ALPHABET[rest % ALPHABET.length]}${digits}`;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
