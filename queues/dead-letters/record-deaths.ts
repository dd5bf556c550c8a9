/**
 * Writes deaths down, each once by its message's id. The letter is the body in its queue: a replayed message has a new id,
 * and when it dies again the same letter is dead again, with the new reason and more attempts.
 */
import { sha256Hex } from "../../workers/shared/idempotency.ts";
import { newId } from "../../workers/shared/identifiers.ts";

export interface Death {
  readonly messageId: string;
  readonly queue: string;
  readonly reason: string;
  readonly attempts: number;
  readonly body: unknown;
  readonly diedAtMs: number;
}

/** All or nothing. */
export async function recordDeaths(db: D1Database, deaths: readonly Death[]): Promise<void> {
  const statements = await Promise.all(deaths.map((death) => statementsOf(db, death)));
  if (statements.length > 0) await db.batch(statements.flat());
}

async function statementsOf(db: D1Database, death: Death): Promise<D1PreparedStatement[]> {
  const { queue, messageId, reason, attempts, diedAtMs } = death;
  const body = jsonOf(death.body);
  const bodySha256 = await sha256Hex(body);
  return [
    db.prepare(KNOW_LETTER).bind(newId("dlq", diedAtMs), queue, body, bodySha256, diedAtMs),
    db.prepare(ADD_DEATH).bind(queue, messageId, bodySha256, reason, attempts, diedAtMs),
    db.prepare(COUNT_DEATH).bind(queue, bodySha256, reason, diedAtMs),
  ];
}

/** Queues carry more than JSON (bytes, structured clones), which nobody here sends: those are kept as what they print. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body) ?? "null";
  } catch {
    return JSON.stringify(String(body));
  }
}

const KNOW_LETTER = `
  INSERT INTO dead_letters
    (id, queue, body, body_sha256, state, reason, attempts, deaths, received_at_ms, died_at_ms, changed_at_ms)
  VALUES (?1, ?2, ?3, ?4, 'dead', '', 0, 0, ?5, ?5, ?5)
  ON CONFLICT (queue, body_sha256) DO NOTHING`;

const ADD_DEATH = `
  INSERT INTO deaths (queue, message_id, letter_id, reason, attempts, died_at_ms)
  SELECT ?1, ?2, id, ?4, ?5, ?6 FROM dead_letters WHERE queue = ?1 AND body_sha256 = ?3
  ON CONFLICT (queue, message_id) DO NOTHING`;

/** Changes nothing when the death was known: then the letter counts it already, whatever an operator did since. */
const COUNT_DEATH = `
  UPDATE dead_letters SET
    state = 'dead', reason = ?3, died_at_ms = ?4, changed_at_ms = ?4,
    deaths = (SELECT COUNT(*) FROM deaths WHERE letter_id = dead_letters.id),
    attempts = (SELECT SUM(attempts) FROM deaths WHERE letter_id = dead_letters.id)
  WHERE queue = ?1 AND body_sha256 = ?2
    AND deaths < (SELECT COUNT(*) FROM deaths WHERE letter_id = dead_letters.id)`;
