/** Copies that the person asked for before: an erasure leaves none. One made by a mailed link is gone within its day. */
import { peerCalls } from "../../workers/shared/call-peer.ts";
import { ObjectTimers } from "../../workers/shared/later.ts";
import type { PrivacyRunApi } from "./contract.ts";

const ARCHIVES_MAX = 20;
const POLICY = { service: "privacy-run", deadlineMs: 10_000, retries: 1 } as const;

export interface ArchiveHolder {
  readonly DATABASE: D1Database;
  readonly PRIVACY_RUN: DurableObjectNamespace;
}

/** @param subjects whose archives: customers and orders. @returns true when more may be left */
export async function discardArchives(env: ArchiveHolder, subjects: readonly string[]): Promise<boolean> {
  const { results } = await env.DATABASE.prepare(
    `SELECT id FROM privacy_requests WHERE kind = 'export' AND state IN ('running', 'waiting', 'completed')
       AND subject IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ${ARCHIVES_MAX}`,
  )
    .bind(JSON.stringify(subjects))
    .all<{ id: string }>();
  const { guarded } = peerCalls(new ObjectTimers().later);
  for (const { id } of results) {
    await guarded(POLICY, () => (env.PRIVACY_RUN.getByName(id) as unknown as PrivacyRunApi).discard());
  }
  const ids = JSON.stringify(results.map(({ id }) => id));
  await env.DATABASE.prepare("UPDATE privacy_requests SET state = 'expired' WHERE id IN (SELECT value FROM json_each(?))")
    .bind(ids)
    .run();
  return results.length === ARCHIVES_MAX;
}
