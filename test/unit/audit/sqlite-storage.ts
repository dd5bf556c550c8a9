/** An object's storage over Node's SQLite: what the audit's run needs of it. */
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { RunStorage } from "../../../durable-objects/audit-run/run-store.ts";

/** @param file a path, or `:memory:` */
export function sqliteStorage(file = ":memory:"): RunStorage {
  const database = new DatabaseSync(file);
  const exec = (query: string, ...bindings: unknown[]) => {
    const statement = database.prepare(query);
    const rows = statement.all(...(bindings as SQLInputValue[]));
    return { toArray: () => rows };
  };
  return {
    sql: { exec: exec as unknown as SqlStorage["exec"] },
    transactionSync<T>(work: () => T): T {
      database.exec("BEGIN");
      try {
        const value = work();
        database.exec("COMMIT");
        return value;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
  };
}
