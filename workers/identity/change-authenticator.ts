/** Switching an authenticator app off, and new recovery codes: both need the password and a code. */
import { eq } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { readAuthenticator } from "./authenticator.ts";
import { addingRecoveryCodes } from "./enrol-authenticator.ts";
import type { Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { tellingOwner } from "./notify-owner.ts";
import { type OwnPasswordError, proveOwnPassword } from "./prove-own-password.ts";
import { proveSecondFactor, type SecondFactorError } from "./prove-second-factor.ts";
import { newRecoveryCodes, recoveryCodeHashes } from "./recovery-code.ts";
import { authenticators, type CustomerRow, recoveryCodes } from "./schema.ts";

export type ChangeAuthenticatorError =
  | OwnPasswordError
  | SecondFactorError
  | Extract<IdentityError, { code: "no_authenticator" }>;

export interface BothFactors {
  readonly password: string;
  readonly code: string;
}

/** An account without a second factor: its recovery codes open nothing any more. */
export async function disableAuthenticator(
  store: Store,
  customer: CustomerRow,
  factors: BothFactors,
  nowMs: number,
): Promise<Result<null, ChangeAuthenticatorError>> {
  const proven = await proveBoth(store, customer, factors, nowMs);
  if (!proven.ok) return proven;
  const notice = await tellingOwner(store, customer, "two_factor_off", nowMs);
  await store.database.batch([
    store.database.delete(authenticators).where(eq(authenticators.customerId, customer.id)),
    store.database.delete(recoveryCodes).where(eq(recoveryCodes.customerId, customer.id)),
    ...notice.statements,
  ]);
  await notice.announce();
  return ok(null);
}

/** Ten new ones in place of those that are left. */
export async function renewRecoveryCodes(
  store: Store,
  customer: CustomerRow,
  factors: BothFactors,
  nowMs: number,
): Promise<Result<readonly string[], ChangeAuthenticatorError>> {
  const proven = await proveBoth(store, customer, factors, nowMs);
  if (!proven.ok) return proven;
  const codes = newRecoveryCodes();
  const hashes = await recoveryCodeHashes(customer.id, codes);
  await store.database.batch([
    store.database.delete(recoveryCodes).where(eq(recoveryCodes.customerId, customer.id)),
    addingRecoveryCodes(store.database, customer.id, hashes),
  ]);
  return ok(codes);
}

/** The password first: whoever has only the session is asked nothing about codes. */
async function proveBoth(
  store: Store,
  customer: CustomerRow,
  { password, code }: BothFactors,
  nowMs: number,
): Promise<Result<null, ChangeAuthenticatorError>> {
  const proven = await proveOwnPassword(store, customer, password);
  if (!proven.ok) return proven;
  if ((await readAuthenticator(store.database, customer.id)) === undefined) return err({ code: "no_authenticator" });
  const guessable = [{ quota: "code_by_customer", of: customer.id }] as const;
  return await proveSecondFactor(store, customer, code, { guessable, always: [] }, nowMs);
}
