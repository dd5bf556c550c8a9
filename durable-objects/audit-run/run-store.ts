/** The run's SQLite: its state, what it counted and found, and what it read. Callers group writes in `transaction`. */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import { INVARIANT_IDS, type InvariantId } from "../../workers/audit/contract.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import type { FoundViolation, RunState, RunView } from "./contract.ts";
import type { Finding } from "./finding.ts";
import { BOOK_TABLES, CREATE_BOOKS, ENDED_TABLE, RUN_TABLE } from "./schema.ts";

/** What a run needs of a storage: an object's, or a test's. */
export type RunStorage = Pick<DurableObjectStorage, "transactionSync"> & { readonly sql: Pick<SqlStorage, "exec"> };

export interface StoredRun {
  readonly runId: string;
  readonly state: Exclude<RunState, "queued">;
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly phase: number;
  /** Where the phase goes on; null at its beginning. */
  readonly cursor: unknown;
  readonly done: number;
  readonly of: number | null;
  readonly inFlight: number;
  /** In a row, of the step that is to come. */
  readonly failures: number;
  readonly failure: string | null;
  readonly version: number;
  readonly context: CallContext;
  /** The run that begins when this one is over. */
  readonly nextRunId: string | null;
}

/** Rows that one JSON parameter carries: far below the 2 MB that a value may have. */
const ROWS_PER_STATEMENT = 1_000;

export class RunStore {
  readonly #storage: RunStorage;

  constructor(storage: RunStorage) {
    this.#storage = storage;
    this.write(RUN_TABLE);
    this.write(ENDED_TABLE);
    for (const statement of CREATE_BOOKS.split(/;\n/)) if (statement.trim() !== "") this.write(statement);
  }

  transaction<T>(work: () => T): T {
    return this.#storage.transactionSync(work);
  }

  all<R extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]): R[] {
    return this.#storage.sql.exec<R>(query, ...bindings).toArray();
  }

  write(query: string, ...bindings: unknown[]): void {
    this.#storage.sql.exec(query, ...bindings).toArray();
  }

  /** `query` reads its rows from `json_each(?)`. */
  writeRows(query: string, rows: readonly unknown[]): void {
    for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
      this.write(query, JSON.stringify(rows.slice(start, start + ROWS_PER_STATEMENT)));
    }
  }

  readRun(): StoredRun | undefined {
    const [row] = this.all<{ state: string }>("SELECT state FROM run");
    return row === undefined ? undefined : (JSON.parse(row.state) as StoredRun);
  }

  writeRun(run: StoredRun): void {
    this.write("INSERT OR REPLACE INTO run (id, state) VALUES (1, ?)", JSON.stringify(run));
  }

  readEnded(runId: string): RunView | null {
    const [row] = this.all<{ view: string }>("SELECT view FROM ended WHERE run_id = ?", runId);
    return row === undefined ? null : (JSON.parse(row.view) as RunView);
  }

  /** The newest alone is kept. */
  writeEnded(view: RunView): void {
    this.write("DELETE FROM ended");
    this.write("INSERT INTO ended (run_id, view) VALUES (?, ?)", view.runId, JSON.stringify(view));
  }

  /** Forgets everything that the run before read. */
  clearBooks(): void {
    for (const table of BOOK_TABLES) this.write(`DELETE FROM ${table}`);
    this.writeRows("INSERT INTO tallies (invariant, checked) SELECT value, 0 FROM json_each(?)", INVARIANT_IDS);
  }

  /** Copies of the logs are of no use to a report, and an erasure does not reach them. */
  clearEvents(): void {
    this.write("DELETE FROM events");
  }

  checked(invariant: InvariantId, count: number): void {
    if (count > 0) this.write("UPDATE tallies SET checked = checked + ? WHERE invariant = ?", count, invariant);
  }

  /** What is certain. */
  report(findings: readonly Finding[]): void {
    this.writeRows(
      `INSERT OR IGNORE INTO violations (invariant, subject, detail)
       SELECT value ->> 'invariant', value ->> 'subject', value ->> 'detail' FROM json_each(?)`,
      findings,
    );
  }

  violationsAfter(number: number, limit: number): FoundViolation[] {
    return this.all<{ number: number; invariant: InvariantId; subject: string; detail: string }>(
      "SELECT number, invariant, subject, detail FROM violations WHERE number > ? ORDER BY number LIMIT ?",
      number,
      limit,
    );
  }

  storeEvents(events: readonly OrderEvent[]): void {
    const rows = events.map(({ source, sequence, data, ...rest }) => ({
      source,
      sequence,
      orderId: data.orderId,
      body: JSON.stringify({ ...rest, source, sequence, data }),
    }));
    this.writeRows(
      `INSERT OR REPLACE INTO events (source, sequence, order_id, body)
       SELECT value ->> 'source', value ->> 'sequence', value ->> 'orderId', value ->> 'body' FROM json_each(?)`,
      rows,
    );
  }

  historiesOf(orderIds: readonly string[]): OrderEvent[] {
    return this.all<{ body: string }>(
      `SELECT body FROM events WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id, sequence`,
      JSON.stringify(orderIds),
    ).map((row) => JSON.parse(row.body) as OrderEvent);
  }

  count(table: "orders" | "skus" | "suspects" | "events"): number {
    return this.all<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)[0]?.count ?? 0;
  }
}
