/** Counts what the platform bills by the row: all that objects and databases read and write, but for the payment sandbox. */
import { runInDurableObject } from "cloudflare:test";
import { switchboard } from "./faulty-binding.ts";
import { rig } from "./wiring.ts";

export interface Rows {
  objectRead: number;
  objectWritten: number;
  /** Calls of D1: a batch is one. */
  databaseCalls: number;
  databaseRead: number;
  databaseWritten: number;
}

type Exec = SqlStorage["exec"];
interface Meta {
  readonly meta: { readonly rows_read?: number; readonly rows_written?: number };
}

/** Rows of what is done while `work` runs. Alarms count only when they ring in that time. */
export async function countRows(work: () => Promise<void>): Promise<Rows> {
  const rows: Rows = { objectRead: 0, objectWritten: 0, databaseCalls: 0, databaseRead: 0, databaseWritten: 0 };
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const undo = [await watchObjects(cursors), ...watchDatabases(rows)];
  try {
    await work();
  } finally {
    for (const each of undo) each();
  }
  for (const cursor of cursors) {
    rows.objectRead += cursor.rowsRead;
    rows.objectWritten += cursor.rowsWritten;
  }
  return rows;
}

/** Every object of the isolate shares one prototype of its SQL. */
async function watchObjects(cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[]): Promise<() => void> {
  const foreign = await sandboxSql();
  const stub = rig.SKU_STOCK.getByName("count-rows");
  const prototype = await runInDurableObject(stub, (_, state) => Object.getPrototypeOf(state.storage.sql) as { exec: Exec });
  const { exec } = prototype;
  prototype.exec = function counted(this: SqlStorage, ...args: Parameters<Exec>) {
    const cursor = Reflect.apply(exec, this, args) as SqlStorageCursor<Record<string, SqlStorageValue>>;
    if (!foreign.has(this)) cursors.push(cursor);
    return cursor;
  } as Exec;
  return () => {
    prototype.exec = exec;
  };
}

/** The provider's own books are not on our bill. */
async function sandboxSql(): Promise<ReadonlySet<SqlStorage>> {
  const accounts = [...switchboard.touched].filter(([name]) => name.startsWith("SANDBOX_ACCOUNT/"));
  const found = accounts.map(([, { stub }]) => runInDurableObject(stub(), (_, state) => state.storage.sql));
  return new Set(await Promise.all(found));
}

function watchDatabases(rows: Rows): (() => void)[] {
  const note = (answers: readonly Meta[]) => {
    rows.databaseCalls++;
    for (const { meta } of answers) {
      rows.databaseRead += meta.rows_read ?? 0;
      rows.databaseWritten += meta.rows_written ?? 0;
    }
  };
  const database = Object.getPrototypeOf(rig.DATABASE_ORDERS) as object;
  const statement = Object.getPrototypeOf(rig.DATABASE_ORDERS.prepare("SELECT 1")) as object;
  return [
    watch(database, "batch", (answer) => note(answer as Meta[])),
    ...["run", "all"].map((name) => watch(statement, name, (answer) => note([answer as Meta]))),
    ...["first", "raw"].map((name) => watch(statement, name, () => note([]))),
  ];
}

function watch(prototype: object, name: string, note: (answer: unknown) => void): () => void {
  const original = Reflect.get(prototype, name) as (...args: unknown[]) => Promise<unknown>;
  Reflect.set(prototype, name, async function watched(this: unknown, ...args: unknown[]) {
    const answer = await Reflect.apply(original, this, args);
    note(answer);
    return answer;
  });
  return () => void Reflect.set(prototype, name, original);
}
