/**
 * One shard of the idempotency keys: who runs first, what was answered, for a day. Each decision and its write are one
 * step, because nothing is awaited between them. Records are named and sealed by the gateway; this object reads none.
 */
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../workers/shared/clock.ts";
import {
  decideIdempotency,
  IDEMPOTENCY_RETENTION_MS,
  type IdempotencyDecision,
  type IdempotencyRecord,
  type StoredAnswer,
} from "../../workers/shared/idempotency.ts";
import { logger } from "../../workers/shared/telemetry.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY,
    attempt TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL CHECK (started_at_ms >= 0),
    status INTEGER CHECK (status BETWEEN 200 AND 499),
    body TEXT,
    content_type TEXT,
    CHECK ((status IS NULL) = (body IS NULL) AND (status IS NULL) = (content_type IS NULL))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS keys_by_age ON keys (started_at_ms);
`;
/** Rows removed per statement, so that one tidying never holds the object for long. */
const TIDY_ROWS_MAX = 1_000;
const TIDY_AGAIN_MS = 1_000;

interface Row extends Record<string, SqlStorageValue> {
  readonly attempt: string;
  readonly body_digest: string;
  readonly started_at_ms: number;
  readonly status: number | null;
  readonly body: string | null;
  readonly content_type: string | null;
}

export class IdempotencyKeys extends DurableObject {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#sql.exec(SCHEMA);
  }

  /** Takes the key for `attempt`, or says why not. Asking again with the same attempt is the same question. */
  async begin(id: string, attempt: string, bodyDigest: string): Promise<IdempotencyDecision> {
    const nowMs = systemClock.now();
    const row = this.#sql.exec<Row>("SELECT * FROM keys WHERE id = ?", id).toArray()[0];
    if (row?.attempt === attempt && row.status === null) return { kind: "run" };
    const decision = decideIdempotency(row === undefined ? undefined : recordOf(row), bodyDigest, nowMs);
    if (decision.kind !== "run") return decision;
    this.#sql.exec(
      `INSERT INTO keys (id, attempt, body_digest, started_at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET attempt = excluded.attempt, body_digest = excluded.body_digest,
         started_at_ms = excluded.started_at_ms, status = NULL, body = NULL, content_type = NULL`,
      id,
      attempt,
      bodyDigest,
      nowMs,
    );
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(nowMs + IDEMPOTENCY_RETENTION_MS);
    return decision;
  }

  /** Keeps the answer, unless the lease ran out and another attempt took the key. Idempotent. */
  async complete(id: string, attempt: string, answer: StoredAnswer): Promise<void> {
    this.#sql.exec(
      "UPDATE keys SET status = ?, body = ?, content_type = ? WHERE id = ? AND attempt = ?",
      answer.status,
      answer.body,
      answer.contentType,
      id,
      attempt,
    );
  }

  /** Frees the key of an attempt that had no effect. Idempotent. */
  async abandon(id: string, attempt: string): Promise<void> {
    this.#sql.exec("DELETE FROM keys WHERE id = ? AND attempt = ? AND status IS NULL", id, attempt);
  }

  /** Removes what is too old to be replayed. Never throws: a throwing alarm dies after six retries. */
  override async alarm(): Promise<void> {
    const nowMs = systemClock.now();
    try {
      this.#sql.exec(
        "DELETE FROM keys WHERE id IN (SELECT id FROM keys WHERE started_at_ms <= ? ORDER BY started_at_ms LIMIT ?)",
        nowMs - IDEMPOTENCY_RETENTION_MS,
        TIDY_ROWS_MAX,
      );
      const oldest = this.#sql.exec<{ at: number | null }>("SELECT min(started_at_ms) AS at FROM keys").one().at;
      if (oldest === null) return;
      await this.ctx.storage.setAlarm(Math.max(nowMs + TIDY_AGAIN_MS, oldest + IDEMPOTENCY_RETENTION_MS));
    } catch (error) {
      logger("idempotency-keys").error("tidy_failed", error);
      await this.ctx.storage.setAlarm(nowMs + TIDY_AGAIN_MS);
    }
  }
}

function recordOf(row: Row): IdempotencyRecord {
  const { status, body, content_type: contentType } = row;
  const answer = status === null || body === null || contentType === null ? null : { status, body, contentType };
  return { bodySha256: row.body_digest, startedAtMs: row.started_at_ms, answer };
}
