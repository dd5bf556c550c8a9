/**
 * What an operator does with a letter: replay puts its body back into its queue, discard closes it. Both may be asked again
 * and then change nothing.
 */
import { guarded } from "../../workers/shared/call-peer.ts";
import type { EpochMs } from "../../workers/shared/clock.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import { findDeadLetter } from "./read-dead-letters.ts";
import type { DeadLetterRow } from "./schema.ts";

export type SettleError =
  | { readonly code: "letter_unknown" }
  | { readonly code: "letter_discarded" }
  | { readonly code: "letter_replayed" }
  /** This deployment has no such queue any more. */
  | { readonly code: "queue_unknown"; readonly queue: string }
  /** It may have been sent nevertheless; the letter stays dead. */
  | { readonly code: "queue_unavailable"; readonly queue: string };

const SEND_POLICY = { service: "queues", deadlineMs: 5_000, retries: 1 } as const;

export interface SettleDependencies {
  readonly database: D1Database;
  queueOf(name: string): Pick<Queue, "send"> | undefined;
  now(): EpochMs;
}

/**
 * Sends first and marks then: a crash between leaves the letter dead, and a second replay sends the message twice, which
 * every consumer takes. The other order could lose it.
 */
export async function replayLetter(dependencies: SettleDependencies, id: string): Promise<Result<DeadLetterRow, SettleError>> {
  const { database } = dependencies;
  const letter = await findDeadLetter(database, id);
  if (letter === undefined) return err({ code: "letter_unknown" });
  if (letter.state === "discarded") return err({ code: "letter_discarded" });
  if (letter.state === "replayed") return ok(letter);
  const queue = dependencies.queueOf(letter.queue);
  if (queue === undefined) return err({ code: "queue_unknown", queue: letter.queue });
  try {
    await guarded(SEND_POLICY, () => queue.send(JSON.parse(letter.body), { contentType: "json" }));
  } catch {
    return err({ code: "queue_unavailable", queue: letter.queue });
  }
  await mark(database, letter, "replayed", dependencies.now());
  return await readAgain(database, id);
}

export async function discardLetter(dependencies: SettleDependencies, id: string): Promise<Result<DeadLetterRow, SettleError>> {
  const { database } = dependencies;
  const letter = await findDeadLetter(database, id);
  if (letter === undefined) return err({ code: "letter_unknown" });
  if (letter.state === "replayed") return err({ code: "letter_replayed" });
  if (letter.state === "dead") await mark(database, letter, "discarded", dependencies.now());
  return await readAgain(database, id);
}

/** Only as it was read: a letter that died again meanwhile stays dead. */
async function mark(db: D1Database, letter: DeadLetterRow, state: "replayed" | "discarded", nowMs: EpochMs): Promise<void> {
  await db
    .prepare(
      `UPDATE dead_letters SET state = ?2, ${state}_at_ms = ?3, changed_at_ms = ?3 WHERE id = ?1 AND state = 'dead' AND deaths = ?4`,
    )
    .bind(letter.id, state, nowMs, letter.deaths)
    .run();
}

async function readAgain(db: D1Database, id: string): Promise<Result<DeadLetterRow, SettleError>> {
  const letter = await findDeadLetter(db, id);
  return letter === undefined ? err({ code: "letter_unknown" }) : ok(letter);
}
