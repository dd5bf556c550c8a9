/** Exchanges a refresh token for its successor and a new access token, or ends the session when a copy is about. */
import { and, eq, gt, isNull } from "drizzle-orm";
import { sha256Hex } from "../shared/idempotency.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { Database, Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { keyMaterial } from "./key-material.ts";
import { decideRefresh, isRefreshToken, successorOf } from "./refresh-token.ts";
import { revokeSession } from "./revoke-sessions.ts";
import { type CustomerRow, customers, refreshTokens, sessions } from "./schema.ts";
import { addingToken, pairTokens, type TokenPair } from "./start-session.ts";

export interface Refreshed {
  readonly customer: CustomerRow;
  readonly tokens: TokenPair;
}

export type RefreshError = Extract<IdentityError, { code: "invalid_refresh_token" }>;

export async function refreshSession(store: Store, presented: string, nowMs: number): Promise<Result<Refreshed, RefreshError>> {
  if (!isRefreshToken(presented)) return err({ code: "invalid_refresh_token" });
  const presentedSha256 = await sha256Hex(presented);
  const found = await readPresented(store.database, presentedSha256);
  if (found === undefined) return err({ code: "invalid_refresh_token" });
  const { customer, session, token } = found;
  const decision = decideRefresh(
    {
      ...token,
      sessionExpiresAtMs: session.expiresAtMs,
      sessionRevokedAtMs: session.revokedAtMs,
      customerStatus: customer.status,
    },
    nowMs,
  );
  if (decision === "revoke_family") await revokeSession(store.database, session.id, "refresh_reused", nowMs);
  if (decision === "revoke_family" || decision === "refuse") return err({ code: "invalid_refresh_token" });
  const successor = await successorOf(await keyMaterial(store.keySecret), presented);
  const stands = await rotate(store.database, presentedSha256, await sha256Hex(successor), session.id, nowMs);
  if (!stands) return err({ code: "invalid_refresh_token" });
  return ok({ customer, tokens: await pairTokens(store, { customerId: customer.id, sessionId: session.id }, successor, nowMs) });
}

async function readPresented(database: Database, tokenSha256: string) {
  return await database
    .select({ token: refreshTokens, session: sessions, customer: customers })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .innerJoin(customers, eq(customers.id, sessions.customerId))
    .where(eq(refreshTokens.tokenSha256, tokenSha256))
    .get();
}

/**
 * One transaction; twice at once is once, because the successor is the same. Nothing is written unless the session still
 * stands. @returns false when it was revoked since it was read.
 */
async function rotate(
  database: Database,
  presentedSha256: string,
  successorSha256: string,
  sessionId: string,
  nowMs: number,
): Promise<boolean> {
  const standing = and(eq(sessions.id, sessionId), isNull(sessions.revokedAtMs), gt(sessions.expiresAtMs, nowMs));
  const [touched] = await database.batch([
    database.update(sessions).set({ lastUsedAtMs: nowMs }).where(standing).returning({ id: sessions.id }),
    database
      .update(refreshTokens)
      .set({ rotatedAtMs: nowMs })
      .where(and(eq(refreshTokens.tokenSha256, presentedSha256), isNull(refreshTokens.rotatedAtMs))),
    addingToken(database, standing, successorSha256, nowMs),
  ]);
  return touched.length > 0;
}
