/**
 * Challenges that work once, for one purpose and what they are bound to: `chl_….<MAC>`. Nothing is written when one is
 * issued, so that whoever asks for a million fills no table; what was used is remembered until it would have expired.
 */
import { eq } from "drizzle-orm";
import { createdAtMsOf, newId } from "../shared/identifiers.ts";
import type { Database } from "./env.ts";
import type { KeyMaterial } from "./key-material.ts";
import { spentChallenges } from "./schema.ts";

const MINUTE_MS = 60_000;

const LIFETIMES_MS = {
  /** Long enough to fetch the phone from another room. */
  second_factor: 10 * MINUTE_MS,
  passkey_registration: 5 * MINUTE_MS,
  passkey_sign_in: 5 * MINUTE_MS,
} as const;
export type ChallengePurpose = keyof typeof LIFETIMES_MS;

export interface OneTimeChallenge {
  readonly id: string;
  readonly expiresAtMs: number;
}

const TOKEN = /^(chl_[0-9a-z]{26})\.([A-Za-z0-9_-]{43})$/;
const encoder = new TextEncoder();

/** @param bound whom and what it is for; has no line breaks. */
export async function issueChallenge(
  material: KeyMaterial,
  purpose: ChallengePurpose,
  bound: string,
  nowMs: number,
): Promise<OneTimeChallenge & { readonly token: string }> {
  const id = newId("chl", nowMs);
  const mac = await crypto.subtle.sign("HMAC", material.challenges, signed(id, purpose, bound));
  const token = `${id}.${new Uint8Array(mac).toBase64({ alphabet: "base64url", omitPadding: true })}`;
  return { id, token, expiresAtMs: nowMs + LIFETIMES_MS[purpose] };
}

/** @returns undefined when it is forged, too late, or for something else. Whether it was used, `spendingChallenge` says. */
export async function readChallenge(
  material: KeyMaterial,
  token: string,
  purpose: ChallengePurpose,
  bound: string,
  nowMs: number,
): Promise<OneTimeChallenge | undefined> {
  const [, id, mac] = TOKEN.exec(token) ?? [];
  const issuedAtMs = id === undefined ? undefined : createdAtMsOf(id);
  if (id === undefined || mac === undefined || issuedAtMs === undefined) return undefined;
  const bytes = Uint8Array.fromBase64(mac, { alphabet: "base64url" });
  if (!(await crypto.subtle.verify("HMAC", material.challenges, bytes, signed(id, purpose, bound)))) return undefined;
  const expiresAtMs = issuedAtMs + LIFETIMES_MS[purpose];
  return nowMs < expiresAtMs ? { id, expiresAtMs } : undefined;
}

function signed(id: string, purpose: ChallengePurpose, bound: string): Uint8Array {
  return encoder.encode(`${purpose}\n${bound}\n${id}`);
}

/** Asked before a guess is looked at; what counts in the end is `spendingChallenge`. */
export async function isSpent(database: Database, { id }: OneTimeChallenge): Promise<boolean> {
  return (await database.select().from(spentChallenges).where(eq(spentChallenges.id, id)).get()) !== undefined;
}

/** Returns a row the first time and none afterwards. */
export function spendingChallenge(database: Database, { id, expiresAtMs }: OneTimeChallenge) {
  return database.insert(spentChallenges).values({ id, expiresAtMs }).onConflictDoNothing().returning({ id: spentChallenges.id });
}
