/** The request's row in D1: the list that operators see. Each write says the same when it is repeated. */
import type { RequestState } from "../../workers/privacy/contract.ts";
import type { PrivacyRunState } from "./run-state.ts";

export async function recordEnd(
  database: D1Database,
  { requestId, erased }: Pick<PrivacyRunState, "requestId" | "erased">,
  state: RequestState,
  nowMs: number,
): Promise<void> {
  await database
    .prepare("UPDATE privacy_requests SET state = ?2, erased = ?3, finished_at_ms = coalesce(finished_at_ms, ?4) WHERE id = ?1")
    .bind(requestId, state, JSON.stringify(erased), nowMs)
    .run();
}

/** That it waits for an order, or goes on. */
export async function recordProgress(database: D1Database, { requestId, state }: PrivacyRunState): Promise<void> {
  await database
    .prepare("UPDATE privacy_requests SET state = ?2 WHERE id = ?1 AND state IN ('running', 'waiting') AND state <> ?2")
    .bind(requestId, state)
    .run();
}

/** The archive is gone. */
export async function recordExpiry(database: D1Database, requestId: string, nowMs: number): Promise<void> {
  await database
    .prepare(
      "UPDATE privacy_requests SET state = 'expired', finished_at_ms = coalesce(finished_at_ms, ?2) WHERE id = ?1 AND state <> 'failed'",
    )
    .bind(requestId, nowMs)
    .run();
}
