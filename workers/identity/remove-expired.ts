/** The scheduled tidy-up: key rotation steps that are due, then rows that nothing can use any more. */
import { and, inArray, isNotNull, isNull, lt, or } from "drizzle-orm";
import { removingExpiredAddressMessages } from "./address-message.ts";
import { removingUnclaimedSalts } from "./credentials.ts";
import { ENROLMENT_LIFETIME_MS } from "./enrol-authenticator.ts";
import type { Store } from "./env.ts";
import { removeExpiredGrants } from "./oauth/remove-expired-grants.ts";
import {
  accountMessages,
  apiKeySecrets,
  apiKeys,
  authenticators,
  passwordSalts,
  refreshTokens,
  sessions,
  spentChallenges,
  staff,
} from "./schema.ts";
import { rotateSigningKeys } from "./signing-keys.ts";

/** How long a used refresh token is remembered, to know a stolen copy when it comes. Later copies are merely unknown. */
export const ROTATED_TOKEN_RETENTION_MS = 7 * 24 * 60 * 60 * 1000;
/** Ended sessions, keys and invitations stay this long, to answer what happened to them. */
export const ENDED_SESSION_RETENTION_MS = 30 * 24 * 60 * 60 * 1000;

export async function removeExpired({ database }: Store, nowMs: number): Promise<void> {
  const endedBefore = nowMs - ENDED_SESSION_RETENTION_MS;
  const oldMessages = lt(accountMessages.expiresAtMs, endedBefore);
  // Addresses that an account had before, or never came to have.
  const formerAddresses = database
    .select({ email: accountMessages.emailNormalized })
    .from(accountMessages)
    .where(and(oldMessages, inArray(accountMessages.kind, ["change_email", "email_changed"])));
  await database.batch([
    removingUnclaimedSalts(database, inArray(passwordSalts.emailNormalized, formerAddresses), nowMs),
    database
      .delete(refreshTokens)
      .where(
        or(
          lt(refreshTokens.expiresAtMs, nowMs),
          and(isNotNull(refreshTokens.rotatedAtMs), lt(refreshTokens.rotatedAtMs, nowMs - ROTATED_TOKEN_RETENTION_MS)),
        ),
      ),
    database.delete(spentChallenges).where(lt(spentChallenges.expiresAtMs, nowMs)),
    database
      .delete(authenticators)
      .where(and(isNull(authenticators.confirmedAtMs), lt(authenticators.createdAtMs, nowMs - ENROLMENT_LIFETIME_MS))),
    database.delete(staff).where(and(isNull(staff.customerId), lt(staff.expiresAtMs, endedBefore))),
    database.delete(apiKeySecrets).where(lt(apiKeySecrets.expiresAtMs, endedBefore)),
    database.delete(apiKeys).where(or(lt(apiKeys.expiresAtMs, endedBefore), lt(apiKeys.revokedAtMs, endedBefore))),
    database.delete(accountMessages).where(oldMessages),
    removingExpiredAddressMessages(database, nowMs),
    database.delete(sessions).where(or(lt(sessions.expiresAtMs, endedBefore), lt(sessions.revokedAtMs, endedBefore))),
  ]);
}

export async function tidyUp(store: Store, nowMs: number): Promise<void> {
  await rotateSigningKeys(store, nowMs);
  await removeExpired(store, nowMs);
  await removeExpiredGrants(store.database, nowMs);
}
