/**
 * Sign-in's second half. A right password of a protected account opens nothing but a challenge; the challenge and a code
 * open the session. The challenge is bound to the account and to its password: a change or reset voids it.
 */
import { and, eq } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { readAuthenticator } from "./authenticator.ts";
import type { SecondFactorRequired } from "./contract.ts";
import { markDevice } from "./device-token.ts";
import type { Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { keyMaterial } from "./key-material.ts";
import { isSpent, issueChallenge, type OneTimeChallenge, readChallenge, spendingChallenge } from "./one-time-challenge.ts";
import type { ProvenPassword } from "./prove-password.ts";
import { proveSecondFactor, type SecondFactorError } from "./prove-second-factor.ts";
import { type CustomerRow, customers } from "./schema.ts";

const TOKEN = /^(cus_[0-9a-z]{26})\.(.+)$/;
export const CHALLENGE_TOKEN_LENGTH_MAX = 200;

function boundTo({ id, passwordHash }: CustomerRow): string {
  return `${id} ${passwordHash}`;
}

/** @returns undefined when a password alone opens the account. */
export async function askForSecondFactor(
  store: Store,
  customer: CustomerRow,
  nowMs: number,
): Promise<SecondFactorRequired | undefined> {
  if ((await readAuthenticator(store.database, customer.id)) === undefined) return undefined;
  const material = await keyMaterial(store.keySecret);
  const { token, expiresAtMs } = await issueChallenge(material, "second_factor", boundTo(customer), nowMs);
  return { code: "second_factor_required", challengeToken: `${customer.id}.${token}`, expiresAtMs };
}

export interface SecondStep {
  readonly challengeToken: string;
  readonly code: string;
  /** Of an earlier sign-in on this device. */
  readonly deviceToken: string | null;
}

export type SecondStepError = SecondFactorError | Extract<IdentityError, { code: "invalid_challenge" }>;

/** @returns the customer whose session may be opened, and the device's mark, which a password alone does not give. */
export async function proveSecondStep(
  store: Store,
  { challengeToken, code, deviceToken }: SecondStep,
  nowMs: number,
): Promise<Result<ProvenPassword, SecondStepError>> {
  const opened = await openChallenge(store, challengeToken, nowMs);
  if (opened === undefined) return err({ code: "invalid_challenge" });
  const { customer, challenge } = opened;
  const device = await markDevice(store, customer, deviceToken, nowMs);
  const attempts = {
    guessable: [{ quota: device.isKnown ? "code_by_known_devices" : "code_by_account", of: customer.id }],
    always: [{ quota: "code_by_challenge", of: challenge.id }],
  } as const;
  const proven = await proveSecondFactor(store, customer, code, attempts, nowMs);
  if (!proven.ok) return proven;
  if ((await spendingChallenge(store.database, challenge)).length === 0) return err({ code: "invalid_challenge" });
  return ok({ customer, deviceToken: device.token });
}

async function openChallenge(
  store: Store,
  challengeToken: string,
  nowMs: number,
): Promise<{ readonly customer: CustomerRow; readonly challenge: OneTimeChallenge } | undefined> {
  const [, customerId, token] = TOKEN.exec(challengeToken) ?? [];
  if (customerId === undefined || token === undefined) return undefined;
  const named = and(eq(customers.id, customerId), eq(customers.status, "active"));
  const customer = await store.database.select().from(customers).where(named).get();
  if (customer === undefined) return undefined;
  const challenge = await readChallenge(await keyMaterial(store.keySecret), token, "second_factor", boundTo(customer), nowMs);
  if (challenge === undefined || (await isSpent(store.database, challenge))) return undefined;
  return { customer, challenge };
}
