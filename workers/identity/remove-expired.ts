/** The scheduled tidy-up: key rotation steps that are due, then rows that nothing can use any more. */
import { and, isNotNull, isNull, lt, or } from "drizzle-orm";
import { ENROLMENT_LIFETIME_MS } from "./enrol-authenticator.ts";
import type { Store } from "./env.ts";
import { accountMessages, authenticators, refreshTokens, sessions, spentChallenges } from "./schema.ts";
import { rotateSigningKeys } from "./signing-keys.ts";

/** How long a used refresh token is remembered, to know a stolen copy when it comes. Later copies are merely unknown. */
export const ROTATED_TOKEN_RETENTION_MS = 7 * 24 * 60 * 60 * 1000;
/** Ended sessions stay this long, to answer what happened to them. */
export const ENDED_SESSION_RETENTION_MS = 30 * 24 * 60 * 60 * 1000;

export async function removeExpired({ database }: Store, nowMs: number): Promise<void> {
  const endedBefore = nowMs - ENDED_SESSION_RETENTION_MS;
  await database.batch([
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
    database.delete(accountMessages).where(lt(accountMessages.expiresAtMs, endedBefore)),
    database.delete(sessions).where(or(lt(sessions.expiresAtMs, endedBefore), lt(sessions.revokedAtMs, endedBefore))),
  ]);
}

export async function tidyUp(store: Store, nowMs: number): Promise<void> {
  await rotateSigningKeys(store, nowMs);
  await removeExpired(store, nowMs);
}
