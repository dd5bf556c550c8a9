/** What an import remembers, in the object's SQLite: where it is, what it counted, what it refused, what it has seen. */
import type { ImportPosition } from "./collect-step.ts";
import type { Refusal } from "./row-cells.ts";

export const IMPORT_STATUSES = ["queued", "running", "completed", "failed"] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** Refusals kept for reading; further ones are only counted. */
export const REFUSALS_KEPT_MAX = 100_000;

export interface ImportRunState {
  readonly id: string;
  /** Key of the file in R2. */
  readonly fileKey: string;
  readonly sizeBytes: number;
  readonly header: readonly string[];
  readonly status: ImportStatus;
  readonly position: ImportPosition;
  readonly rows: number;
  readonly products: number;
  readonly accepted: number;
  readonly refusedCount: number;
  /** SKUs whose quantity was not applied because their stock is in use. */
  readonly stockUnchanged: number;
  readonly failures: number;
  readonly error: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface StepOutcome {
  readonly state: ImportRunState;
  readonly refusals: readonly Refusal[];
  readonly skus: ReadonlyMap<string, number>;
  readonly handles: readonly string[];
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL CHECK (json_valid(state))) STRICT;
CREATE TABLE IF NOT EXISTS refusals (sequence INTEGER PRIMARY KEY AUTOINCREMENT, row_number INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS seen_skus (sku TEXT PRIMARY KEY, row_number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen_handles (handle TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`;

export class RunStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Null when no import was started here; an object that was only asked keeps nothing. */
  read(): ImportRunState | null {
    const sql = this.#storage.sql;
    if (sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'run'").toArray().length === 0) return null;
    const row = sql.exec<{ state: string }>("SELECT state FROM run").toArray()[0];
    return row === undefined ? null : (JSON.parse(row.state) as ImportRunState);
  }

  /** Does nothing when it was started before. */
  start(state: ImportRunState): void {
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec(SCHEMA);
      this.#storage.sql.exec("INSERT INTO run (id, state) VALUES (1, ?) ON CONFLICT DO NOTHING", JSON.stringify(state));
    });
  }

  write(state: ImportRunState): void {
    this.#storage.sql.exec("UPDATE run SET state = ? WHERE id = 1", JSON.stringify(state));
  }

  /** Position, counters and everything seen move together. */
  saveStep({ state, refusals, skus, handles }: StepOutcome): void {
    const sql = this.#storage.sql;
    this.#storage.transactionSync(() => {
      this.write(state);
      const kept = sql.exec<{ count: number }>("SELECT count(*) AS count FROM refusals").one().count;
      sql.exec(
        `INSERT INTO refusals (row_number, code, message)
         SELECT value ->> 'row', value ->> 'code', value ->> 'message' FROM json_each(?)`,
        JSON.stringify(refusals.slice(0, Math.max(0, REFUSALS_KEPT_MAX - kept))),
      );
      sql.exec(
        "INSERT OR IGNORE INTO seen_skus (sku, row_number) SELECT value ->> 0, value ->> 1 FROM json_each(?)",
        JSON.stringify([...skus]),
      );
      sql.exec("INSERT OR IGNORE INTO seen_handles (handle) SELECT value FROM json_each(?)", JSON.stringify(handles));
    });
  }

  seenSkus(skus: readonly string[]): Map<string, number> {
    const rows = this.#storage.sql.exec<{ sku: string; row_number: number }>(
      "SELECT sku, row_number FROM seen_skus WHERE sku IN (SELECT value FROM json_each(?))",
      JSON.stringify(skus),
    );
    return new Map(Array.from(rows, (row) => [row.sku, row.row_number]));
  }

  seenHandles(handles: readonly string[]): Set<string> {
    const rows = this.#storage.sql.exec<{ handle: string }>(
      "SELECT handle FROM seen_handles WHERE handle IN (SELECT value FROM json_each(?))",
      JSON.stringify(handles),
    );
    return new Set(Array.from(rows, (row) => row.handle));
  }

  refusals(afterSequence: number, limit: number): { readonly sequence: number; readonly refusal: Refusal }[] {
    const rows = this.#storage.sql.exec<{ sequence: number; row_number: number; code: string; message: string }>(
      "SELECT sequence, row_number, code, message FROM refusals WHERE sequence > ? ORDER BY sequence LIMIT ?",
      afterSequence,
      limit,
    );
    return Array.from(rows, (row) => ({
      sequence: row.sequence,
      refusal: { row: row.row_number, code: row.code as Refusal["code"], message: row.message },
    }));
  }

  /** What a finished import no longer needs. */
  forgetSeen(): void {
    this.#storage.sql.exec("DELETE FROM seen_skus");
    this.#storage.sql.exec("DELETE FROM seen_handles");
  }
}
