/** Opens a session for a customer who has just proven who it is: one row, one refresh token, one access token. */

import { and, eq, not, type SQL, sql } from "drizzle-orm";
import { sha256Hex } from "../shared/idempotency.ts";
import { newId } from "../shared/identifiers.ts";
import { signAccessToken } from "./access-token.ts";
import { IS_PROTECTED } from "./authenticator.ts";
import { ACCESS_TOKEN_LIFETIME_SECONDS } from "./contract.ts";
import type { Database, Store } from "./env.ts";
import { newRefreshToken, REFRESH_TOKEN_LIFETIME_MS, SESSION_LIFETIME_MS } from "./refresh-token.ts";
import { type CustomerRow, customers, refreshTokens, sessions } from "./schema.ts";
import { currentSigner } from "./signing-keys.ts";

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

/**
 * @returns undefined when the proof does not open the account: a password alone where it is not enough, or one that was
 * changed, or an account that was disabled, since it was checked.
 */
export async function startSession(
  store: Store,
  customer: CustomerRow,
  { userAgentFamily, proof }: Pick<NewSession, "userAgentFamily" | "proof">,
  nowMs: number,
): Promise<TokenPair | undefined> {
  const sessionId = newId("ses", nowMs);
  const refreshToken = newRefreshToken();
  const [, started] = await store.database.batch([
    openingSession(store.database, customer, {
      id: sessionId,
      userAgentFamily,
      nowMs,
      expiresAtMs: nowMs + SESSION_LIFETIME_MS,
      proof,
    }),
    addingToken(store.database, eq(sessions.id, sessionId), await sha256Hex(refreshToken), nowMs),
  ]);
  if (started.length === 0) return undefined;
  return await pairTokens(store, { customerId: customer.id, sessionId }, refreshToken, nowMs);
}

/** A password alone opens no account that an authenticator app protects. */
export type Proof = "password" | "two_factors";

export interface NewSession {
  readonly id: string;
  readonly userAgentFamily: string;
  readonly nowMs: number;
  readonly expiresAtMs: number;
  readonly proof: Proof;
}

/**
 * Inserts nothing unless the proven password is still the account's and the proof is enough for it: a change at the same
 * moment ends this session too.
 */
export function openingSession(database: Database, customer: CustomerRow, session: NewSession) {
  const { id, userAgentFamily, nowMs, expiresAtMs, proof } = session;
  const proven = database
    .select({
      id: sql<string>`${id}`.as("id"),
      customerId: customers.id,
      userAgentFamily: sql<string>`${userAgentFamily}`.as("user_agent_family"),
      createdAtMs: sql<number>`${nowMs}`.as("created_at_ms"),
      lastUsedAtMs: sql<number>`${nowMs}`.as("last_used_at_ms"),
      expiresAtMs: sql<number>`${expiresAtMs}`.as("expires_at_ms"),
      revokedAtMs: sql<number | null>`NULL`.as("revoked_at_ms"),
      revokedReason: sql<null>`NULL`.as("revoked_reason"),
    })
    .from(customers)
    .where(
      and(
        eq(customers.id, customer.id),
        eq(customers.passwordHash, customer.passwordHash),
        eq(customers.status, "active"),
        proof === "password" ? not(IS_PROTECTED) : undefined,
      ),
    );
  return database.insert(sessions).select(proven).returning({ id: sessions.id });
}

/** Adds a token to the session that `standing` finds, if it finds one; the same token twice is once. */
export function addingToken(database: Database, standing: SQL | undefined, tokenSha256: string, nowMs: number) {
  const token = database
    .select({
      tokenSha256: sql<string>`${tokenSha256}`.as("token_sha256"),
      sessionId: sessions.id,
      createdAtMs: sql<number>`${nowMs}`.as("created_at_ms"),
      expiresAtMs: sql<number>`${nowMs + REFRESH_TOKEN_LIFETIME_MS}`.as("expires_at_ms"),
      rotatedAtMs: sql<number | null>`NULL`.as("rotated_at_ms"),
    })
    .from(sessions)
    .where(standing);
  return database.insert(refreshTokens).select(token).onConflictDoNothing().returning({ sessionId: refreshTokens.sessionId });
}

/** An access token to go with a refresh token that is already written. */
export async function pairTokens(
  store: Store,
  claims: { readonly customerId: string; readonly sessionId: string },
  refreshToken: string,
  nowMs: number,
): Promise<TokenPair> {
  const accessToken = await signAccessToken(await currentSigner(store, nowMs), claims, nowMs);
  return { accessToken, refreshToken, expiresInSeconds: ACCESS_TOKEN_LIFETIME_SECONDS };
}
