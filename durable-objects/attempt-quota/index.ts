/**
 * One shard of the attempts that may be guesses: sign-ins, codes, requests for mail. Each decision and its write are one
 * step, because nothing is awaited between them. Buckets are named by a keyed hash: this object knows no address.
 */
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../workers/shared/clock.ts";
import { logger } from "../../workers/shared/telemetry.ts";
import type { AttemptDecision, Quota } from "./contract.ts";
import { decideAttempt, giveAttemptBack } from "./decide-attempt.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS buckets (
    bucket TEXT PRIMARY KEY,
    full_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS buckets_by_time ON buckets (full_at_ms);
`;
/** Beyond it the buckets that are nearest to full are forgotten first: they hold the fewest attempts. */
export const BUCKETS_MAX = 100_000;
/** Rows removed per statement, so that one tidying never holds the object for long. */
const TIDY_ROWS_MAX = 1_000;
/** Full buckets may stay this long: they count nothing. */
const TIDY_EVERY_MS = 60_000;
const TIDY_AGAIN_MS = 1_000;

export class AttemptQuota extends DurableObject {
  readonly #sql: SqlStorage;
  #count: number;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#sql.exec(SCHEMA);
    this.#count = this.#countBuckets();
  }

  /** Counts one attempt, or says how long to wait. Taken before the attempt is made, so that attempts at once are counted. */
  async take(bucket: string, quota: Quota): Promise<AttemptDecision> {
    const nowMs = systemClock.now();
    const known = this.#read(bucket);
    const { decision, fullAtMs } = decideAttempt(known, quota, nowMs);
    if (!decision.allowed) return decision;
    this.#write(bucket, fullAtMs);
    if (known === undefined) this.#makeRoom();
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(nowMs + TIDY_EVERY_MS);
    return decision;
  }

  /** For an attempt that was no guess: its secret was right. */
  async giveBack(bucket: string, quota: Quota): Promise<void> {
    const known = this.#read(bucket);
    if (known === undefined) return;
    const fullAtMs = giveAttemptBack(known, quota, systemClock.now());
    if (fullAtMs !== undefined) return this.#write(bucket, fullAtMs);
    this.#sql.exec("DELETE FROM buckets WHERE bucket = ?", bucket);
    this.#count -= 1;
  }

  /** Forgets full buckets. Never throws: a throwing alarm dies after six retries. */
  override async alarm(): Promise<void> {
    const nowMs = systemClock.now();
    try {
      const removed = this.#forget(nowMs);
      if (this.#count === 0) return;
      await this.ctx.storage.setAlarm(nowMs + (removed === TIDY_ROWS_MAX ? TIDY_AGAIN_MS : TIDY_EVERY_MS));
    } catch (error) {
      logger("attempt-quota").error("tidy_failed", error);
      await this.ctx.storage.setAlarm(nowMs + TIDY_EVERY_MS);
    }
  }

  #read(bucket: string): number | undefined {
    const rows = this.#sql.exec<{ full_at_ms: number }>("SELECT full_at_ms FROM buckets WHERE bucket = ?", bucket).toArray();
    return rows[0]?.full_at_ms;
  }

  #write(bucket: string, fullAtMs: number): void {
    this.#sql.exec(
      "INSERT INTO buckets (bucket, full_at_ms) VALUES (?, ?) ON CONFLICT (bucket) DO UPDATE SET full_at_ms = excluded.full_at_ms",
      bucket,
      fullAtMs,
    );
  }

  #makeRoom(): void {
    this.#count += 1;
    if (this.#count > BUCKETS_MAX) this.#forget(Number.MAX_SAFE_INTEGER);
  }

  /** Forgets some of the buckets that are full by then, those that were full first. @returns how many. */
  #forget(fullByMs: number): number {
    const before = this.#count;
    this.#sql.exec(
      "DELETE FROM buckets WHERE bucket IN (SELECT bucket FROM buckets WHERE full_at_ms <= ? ORDER BY full_at_ms LIMIT ?)",
      fullByMs,
      TIDY_ROWS_MAX,
    );
    this.#count = this.#countBuckets();
    return before - this.#count;
  }

  #countBuckets(): number {
    return this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM buckets").one().count;
  }
}
