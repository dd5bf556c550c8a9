/**
 * Argon2id of passwords, as PHC strings. One salt per e-mail address, so that one hash decides a sign-in however many
 * accounts claim the address, and an unknown address costs exactly the same (docs/decisions/005-registration.md).
 */
import { timingSafeEqual } from "node:crypto";
import Argon2, { Argon2Type, Argon2Version } from "@phi-ag/argon2";
import argon2Wasm from "@phi-ag/argon2/argon2.wasm";

export interface HashSetting {
  /** 16 bytes, base64 without padding, as PHC strings write it. */
  readonly salt: string;
  readonly memoryKib: number;
  readonly passes: number;
}

/** OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane. About 30 ms here. */
const MEMORY_KIB = 19 * 1024;
const PASSES = 2;
const LANES = 1;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

const encoder = new TextEncoder();
let instance: Argon2 | undefined;

function argon2(): Argon2 {
  instance ??= new Argon2(new WebAssembly.Instance(argon2Wasm));
  return instance;
}

/** A fresh salt at today's cost: for a new address, and to spend the same time on an unknown one. */
export function newHashSetting(): HashSetting {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES)).toBase64({ omitPadding: true });
  return { salt, memoryKib: MEMORY_KIB, passes: PASSES };
}

/** `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. Equal passwords under one setting give equal strings. */
export function hashPassword(password: string, setting: HashSetting): string {
  return argon2().hash(padToUtf8Length(password.normalize("NFKC")), {
    salt: Uint8Array.fromBase64(setting.salt),
    memoryCost: setting.memoryKib,
    timeCost: setting.passes,
    parallelism: LANES,
    hashLength: HASH_BYTES,
    type: Argon2Type.Argon2id,
    version: Argon2Version.Version13,
  }).encoded;
}

/** Of two PHC strings, in constant time. */
export function isSameHash(left: string, right: string): boolean {
  const [a, b] = [encoder.encode(left), encoder.encode(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * The library hashes as many UTF-8 bytes as the string has UTF-16 units, which would ignore the end of every password
 * beyond ASCII. NULs after the end make the two lengths equal, and are not hashed themselves.
 */
function padToUtf8Length(password: string): string {
  return password + "\0".repeat(encoder.encode(password).length - password.length);
}
