/**
 * The log of privileged acts: one object, because one order of all acts is what a chain of hashes needs, and operators do not
 * act a hundred times a second. An attempt is one record and its outcome another; both are written once and never changed.
 */
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../workers/shared/clock.ts";
import { ChangeNote, PrivilegedAttempt, PrivilegedOutcome } from "../../workers/shared/privileged-act.ts";
import { logger } from "../../workers/shared/telemetry.ts";
import { followChain, GENESIS_HASH, hashOf, type Link, type LogRecord } from "./chain.ts";
import type { LogCheck, LogEntry, LogQuestion } from "./contract.ts";
import { SCHEMA } from "./schema.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** A year to look back, and a month to look at it. */
export const RETENTION_MS = 400 * DAY_MS;
const TIDY_EVERY_MS = DAY_MS;
const TIDY_AGAIN_MS = 1_000;
const TIDY_ROWS_MAX = 1_000;
/** Records that one check hashes; about a tenth of a second. */
const CHECK_ROWS_MAX = 20_000;
/** Of one actor who is no operator, in an hour: enough to see it, too few to fill the log. */
export const REFUSALS_PER_HOUR = 60;
const HOUR_MS = 60 * 60 * 1_000;
/** Names the admin key, and attempts whose actor has no id. */
export const ADMIN_KEY_ACTOR = "admin_key";

type RecordRow = LogRecord & { readonly hash: string } & Record<string, SqlStorageValue>;
type EntryRow = RecordRow & { readonly outcome: string | null; readonly outcomeAtMs: number | null };

const COLUMNS = "sequence, kind, entry, at_ms AS atMs, actor, resource, body, hash";

export class PrivilegedLog extends DurableObject {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#sql.exec(SCHEMA);
  }

  /** Idempotent by the attempt's id. */
  async recordAttempt(attempt: PrivilegedAttempt): Promise<void> {
    this.#writeAttempt(PrivilegedAttempt.parse(attempt), systemClock.now());
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(systemClock.now() + TIDY_EVERY_MS);
  }

  /** The first outcome counts. An outcome of nothing is none. */
  async recordOutcome(attemptId: string, outcome: PrivilegedOutcome): Promise<void> {
    this.#writeOutcome(attemptId, PrivilegedOutcome.parse(outcome), systemClock.now());
  }

  /** Keeps so many an hour of one actor. */
  async recordRefusal(attempt: PrivilegedAttempt, outcome: PrivilegedOutcome): Promise<void> {
    const nowMs = systemClock.now();
    const { count } = this.#sql
      .exec<{ count: number }>(
        "SELECT count(*) AS count FROM records INDEXED BY records_by_actor WHERE kind = 'attempt' AND actor = ? AND at_ms > ?",
        actorOf(attempt),
        nowMs - HOUR_MS,
      )
      .one();
    if (count >= REFUSALS_PER_HOUR) return;
    this.ctx.storage.transactionSync(() => {
      this.#writeAttempt(PrivilegedAttempt.parse(attempt), nowMs);
      this.#writeOutcome(attempt.id, PrivilegedOutcome.parse(outcome), nowMs);
    });
  }

  /** Newest first. */
  async read({ actor, resource, fromMs, toMs, beforeSequence, limit }: LogQuestion): Promise<readonly LogEntry[]> {
    const conditions: readonly (readonly [string, readonly SqlStorageValue[]])[] = [
      ["a.actor = ?", actor === undefined ? [] : [actor]],
      // `/` is followed by `0`: everything below the resource.
      [
        "(a.resource = ? OR o.resource = ? OR (a.resource >= ? AND a.resource < ?))",
        resource === undefined ? [] : [resource, resource, `${resource}/`, `${resource}0`],
      ],
      ["a.at_ms >= ?", fromMs === undefined ? [] : [fromMs]],
      ["a.at_ms < ?", toMs === undefined ? [] : [toMs]],
      ["a.sequence < ?", beforeSequence === undefined ? [] : [beforeSequence]],
    ];
    const asked = conditions.filter(([, values]) => values.length > 0);
    const rows = this.#sql
      .exec<EntryRow>(
        `SELECT a.sequence, a.entry, a.at_ms AS atMs, a.body, a.hash, o.body AS outcome, o.at_ms AS outcomeAtMs
         FROM records AS a LEFT JOIN records AS o ON o.entry = a.entry AND o.kind = 'outcome'
         WHERE ${["a.kind = 'attempt'", ...asked.map(([condition]) => condition)].join(" AND ")}
         ORDER BY a.sequence DESC LIMIT ?`,
        ...asked.flatMap(([, values]) => values),
        limit,
      )
      .toArray();
    return rows.map(entryOf);
  }

  /** Follows the chain from a record on, or from where it begins. */
  async check(afterSequence: number | undefined): Promise<LogCheck> {
    const beginning = this.#beginning();
    const from = afterSequence === undefined ? beginning : (this.#linkAt(afterSequence) ?? beginning);
    const rows = this.#sql
      .exec<RecordRow>(
        `SELECT ${COLUMNS} FROM records WHERE sequence > ? ORDER BY sequence LIMIT ?`,
        from.sequence,
        CHECK_ROWS_MAX,
      )
      .toArray();
    const { last, brokenAt } = followChain(from, rows);
    return {
      throughSequence: last.sequence,
      hash: last.hash,
      complete: rows.length < CHECK_ROWS_MAX,
      checked: rows.length,
      brokenAt,
    };
  }

  /** Lets go of what is older than the retention. Never throws: a throwing alarm dies after six retries. */
  override async alarm(): Promise<void> {
    const nowMs = systemClock.now();
    try {
      const removed = this.ctx.storage.transactionSync(() => this.#letGo(nowMs - RETENTION_MS));
      await this.ctx.storage.setAlarm(nowMs + (removed === TIDY_ROWS_MAX ? TIDY_AGAIN_MS : TIDY_EVERY_MS));
    } catch (error) {
      logger("privileged-log").error("tidy_failed", error);
      await this.ctx.storage.setAlarm(nowMs + TIDY_EVERY_MS);
    }
  }

  #writeAttempt(attempt: PrivilegedAttempt, nowMs: number): void {
    const { id, resource } = attempt;
    this.#append({ kind: "attempt", entry: id, actor: actorOf(attempt), resource, body: JSON.stringify(attempt) }, nowMs);
  }

  #writeOutcome(attemptId: string, outcome: PrivilegedOutcome, nowMs: number): void {
    const attempt = this.#sql
      .exec<{ actor: string; resource: string }>(
        "SELECT actor, resource FROM records WHERE entry = ? AND kind = 'attempt'",
        attemptId,
      )
      .toArray()[0];
    if (attempt === undefined) return;
    const resource = noted(outcome) ?? attempt.resource;
    this.#append({ kind: "outcome", entry: attemptId, actor: attempt.actor, resource, body: JSON.stringify(outcome) }, nowMs);
  }

  /** Nothing is awaited between the last link and the next. */
  #append(record: Omit<LogRecord, "sequence" | "atMs">, nowMs: number): void {
    const { kind, entry, actor, resource, body } = record;
    const known = this.#sql.exec("SELECT 1 FROM records WHERE entry = ? AND kind = ?", entry, kind).toArray();
    if (known.length > 0) return;
    const last = this.#newest();
    // Time does not run backwards in the log, whatever the clock does.
    const next = { kind, entry, actor, resource, body, sequence: last.sequence + 1, atMs: Math.max(nowMs, last.atMs) };
    this.#sql.exec(
      "INSERT INTO records (sequence, kind, entry, at_ms, actor, resource, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      next.sequence,
      kind,
      entry,
      next.atMs,
      actor,
      resource,
      body,
      hashOf(last.hash, next),
    );
  }

  #newest(): Link & { readonly atMs: number } {
    const rows = this.#sql
      .exec<{ sequence: number; hash: string; atMs: number }>(
        "SELECT sequence, hash, at_ms AS atMs FROM records ORDER BY sequence DESC LIMIT 1",
      )
      .toArray();
    return rows[0] ?? { ...this.#beginning(), atMs: 0 };
  }

  #linkAt(sequence: number): Link | undefined {
    return this.#sql
      .exec<{ sequence: number; hash: string }>("SELECT sequence, hash FROM records WHERE sequence = ?", sequence)
      .toArray()[0];
  }

  #beginning(): Link {
    const rows = this.#sql.exec<{ sequence: number; hash: string }>("SELECT sequence, hash FROM beginning").toArray();
    return rows[0] ?? { sequence: 0, hash: GENESIS_HASH };
  }

  /** Records of before `beforeMs`, a bounded number; the newest always stays. @returns how many. */
  #letGo(beforeMs: number): number {
    const { sequence: first } = this.#beginning();
    const old = this.#sql
      .exec<{ sequence: number; hash: string }>(
        `SELECT sequence, hash FROM records WHERE sequence > ?1 AND sequence <= ?1 + ?2 AND at_ms < ?3
           AND sequence < (SELECT max(sequence) FROM records) ORDER BY sequence DESC LIMIT 1`,
        first,
        TIDY_ROWS_MAX,
        beforeMs,
      )
      .toArray()[0];
    if (old === undefined) return 0;
    this.#sql.exec(
      `INSERT INTO beginning (only, sequence, hash) VALUES (1, ?, ?)
       ON CONFLICT (only) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash`,
      old.sequence,
      old.hash,
    );
    this.#sql.exec("DELETE FROM records WHERE sequence <= ?", old.sequence);
    return old.sequence - first;
  }
}

function actorOf({ actor }: PrivilegedAttempt): string {
  return actor.id ?? ADMIN_KEY_ACTOR;
}

/** What was made has an id only afterwards. */
function noted({ change }: PrivilegedOutcome): string | undefined {
  return change === null ? undefined : ChangeNote.parse(JSON.parse(change)).resource;
}

function entryOf(row: EntryRow): LogEntry {
  const attempt = PrivilegedAttempt.parse(JSON.parse(row.body));
  const outcome =
    row.outcome === null || row.outcomeAtMs === null
      ? null
      : { ...PrivilegedOutcome.parse(JSON.parse(row.outcome)), atMs: row.outcomeAtMs };
  return { sequence: row.sequence, hash: row.hash, atMs: row.atMs, attempt, outcome };
}
