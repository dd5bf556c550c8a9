/**
 * Setting an authenticator app up: whoever knows the password gets a secret, and the first code of the app switches it on.
 * From then on every session, device and app of before is a stranger's, because a password alone let them in.
 */
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { readAuthenticator, sealLabel } from "./authenticator.ts";
import { issueDeviceToken } from "./device-token.ts";
import type { Database, Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import type { Account } from "./find-account.ts";
import { keyMaterial, seal, unseal } from "./key-material.ts";
import { tellingOwner } from "./notify-owner.ts";
import { revokingAllGrants } from "./oauth/revoke-grants.ts";
import { type OwnPasswordError, proveOwnPassword } from "./prove-own-password.ts";
import { newRecoveryCodes, recoveryCodeHashes } from "./recovery-code.ts";
import { revokingOtherSessions } from "./revoke-sessions.ts";
import { authenticators, type CustomerRow, customers, recoveryCodes } from "./schema.ts";
import { newTotpSecret, stepOf, totpUri } from "./totp.ts";

/** From the secret to its first code. */
export const ENROLMENT_LIFETIME_MS = 30 * 60_000;

export interface Enrolment {
  readonly secret: string;
  readonly uri: string;
}

export type EnrolError = OwnPasswordError | Extract<IdentityError, { code: "authenticator_in_use" }>;

/** The secret is in this answer and in no other. Asked again before the first code, there is a new one. */
export async function enrolAuthenticator(
  store: Store,
  customer: CustomerRow,
  password: string,
  nowMs: number,
): Promise<Result<Enrolment, EnrolError>> {
  const proven = await proveOwnPassword(store, customer, password);
  if (!proven.ok) return proven;
  const secret = newTotpSecret();
  const sealedSecret = await seal(await keyMaterial(store.keySecret), sealLabel(customer.id), secret);
  const written = await store.database
    .insert(authenticators)
    .values({ customerId: customer.id, sealedSecret, createdAtMs: nowMs, confirmedAtMs: null, lastStep: 0 })
    .onConflictDoUpdate({
      target: authenticators.customerId,
      set: { sealedSecret, createdAtMs: nowMs },
      setWhere: isNull(authenticators.confirmedAtMs),
    })
    .returning({ customerId: authenticators.customerId });
  if (written.length === 0) return err({ code: "authenticator_in_use" });
  return ok({ secret, uri: totpUri(secret, store.site.name, customer.email) });
}

export interface Confirmed {
  readonly recoveryCodes: readonly string[];
  readonly deviceToken: string;
}

export type ConfirmAuthenticatorError = Extract<
  IdentityError,
  { code: "authenticator_in_use" | "no_authenticator" | "wrong_code" }
>;

/** @param code six digits. */
export async function confirmAuthenticator(
  store: Store,
  { customer, session }: Account,
  code: string,
  nowMs: number,
): Promise<Result<Confirmed, ConfirmAuthenticatorError>> {
  const { database } = store;
  const material = await keyMaterial(store.keySecret);
  const waiting = await database.select().from(authenticators).where(isWaiting(customer.id, nowMs)).get();
  if (waiting === undefined) {
    const confirmed = await readAuthenticator(database, customer.id);
    return err({ code: confirmed === undefined ? "no_authenticator" : "authenticator_in_use" });
  }
  const secret = await unseal(material, sealLabel(customer.id), waiting.sealedSecret);
  const step = secret === undefined ? undefined : stepOf(secret, code, nowMs);
  if (step === undefined) return err({ code: "wrong_code" });
  const codes = newRecoveryCodes();
  const hashes = await recoveryCodeHashes(customer.id, codes);
  const notice = await tellingOwner(store, customer, "two_factor_on", nowMs);
  const [switchedOn] = await database.batch([
    database
      .update(authenticators)
      .set({ confirmedAtMs: nowMs, lastStep: step })
      .where(and(isWaiting(customer.id, nowMs), eq(authenticators.sealedSecret, waiting.sealedSecret)))
      .returning({ customerId: authenticators.customerId }),
    addingRecoveryCodes(database, customer.id, hashes),
    database.update(customers).set({ devicesSinceMs: nowMs, updatedAtMs: nowMs }).where(eq(customers.id, customer.id)),
    revokingOtherSessions(database, customer.id, session.id, "revoked", nowMs),
    revokingAllGrants(database, customer.id, "revoked", nowMs),
    ...notice.statements,
  ]);
  if (switchedOn.length === 0) return err({ code: "authenticator_in_use" });
  await notice.announce();
  return ok({ recoveryCodes: codes, deviceToken: await issueDeviceToken(material, customer.id, nowMs) });
}

function isWaiting(customerId: string, nowMs: number) {
  return and(
    eq(authenticators.customerId, customerId),
    isNull(authenticators.confirmedAtMs),
    gt(authenticators.createdAtMs, nowMs - ENROLMENT_LIFETIME_MS),
  );
}

/** For a batch: the codes of an account that has an authenticator and no codes; of two at once, the first one's. */
export function addingRecoveryCodes(database: Database, customerId: string, hashes: readonly string[]) {
  return database.insert(recoveryCodes).select(sql`
    SELECT ${customerId} AS customer_id, value AS code_sha256 FROM json_each(${JSON.stringify(hashes)})
    WHERE EXISTS (SELECT 1 FROM authenticators WHERE customer_id = ${customerId} AND confirmed_at_ms IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM recovery_codes WHERE customer_id = ${customerId})`);
}
