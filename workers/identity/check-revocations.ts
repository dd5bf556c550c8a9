/** Invariant I9 over every revoked session that is kept: nothing used it, and nothing was issued to it, afterwards. */
import { and, count, eq, gt, isNotNull, or } from "drizzle-orm";
import type { RevocationReport } from "./contract.ts";
import type { Database } from "./env.ts";
import { refreshTokens, sessions } from "./schema.ts";

const VIOLATIONS_MAX = 100;

export async function checkRevocations(database: Database): Promise<RevocationReport> {
  const [checked, found] = await database.batch([
    database.select({ count: count() }).from(sessions).where(isNotNull(sessions.revokedAtMs)),
    database
      .selectDistinct({ sessionId: sessions.id, revokedAtMs: sessions.revokedAtMs, lastUsedAtMs: sessions.lastUsedAtMs })
      .from(sessions)
      .leftJoin(refreshTokens, eq(refreshTokens.sessionId, sessions.id))
      .where(
        and(
          isNotNull(sessions.revokedAtMs),
          or(gt(sessions.lastUsedAtMs, sessions.revokedAtMs), gt(refreshTokens.createdAtMs, sessions.revokedAtMs)),
        ),
      )
      .limit(VIOLATIONS_MAX),
  ]);
  return {
    checked: checked[0]?.count ?? 0,
    violations: found.map(({ sessionId, revokedAtMs, lastUsedAtMs }) => ({
      sessionId,
      detail: `revoked at ${revokedAtMs}, last used at ${lastUsedAtMs}, or given a token since`,
    })),
  };
}
