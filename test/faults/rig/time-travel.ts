/** Sets one store of the shop back in time, as an operator's restore does: the others go on from where they are. */
import { runInDurableObject } from "cloudflare:test";
import { abortObject } from "./fault.ts";

type Cell = string | number | null | ArrayBuffer;

interface Table {
  readonly name: string;
  readonly sql: string;
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

/** Call it to restore what was there when it was made. */
export type Bookmark = () => Promise<void>;

const OWN_TABLES =
  "type = 'table' AND sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_cf!_%' ESCAPE '!'";

/** The object starts again with the storage of then. */
export async function bookmarkObject(stub: () => DurableObjectStub): Promise<Bookmark> {
  const { tables, indexes } = await runInDurableObject(stub(), (_, { storage: { sql } }) => {
    const schema = sql.exec<{ name: string; sql: string }>(`SELECT name, sql FROM sqlite_master WHERE ${OWN_TABLES}`).toArray();
    return {
      tables: schema.map(
        (table): Table => ({ ...table, rows: sql.exec<Table["rows"][number]>(`SELECT * FROM ${table.name}`).toArray() }),
      ),
      indexes: sql
        .exec<{ sql: string }>("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        .toArray()
        .map((index) => index.sql),
    };
  });
  return async () => {
    await runInDurableObject(stub(), (_, { storage }) => {
      const { sql } = storage;
      storage.transactionSync(() => {
        for (const { name } of sql.exec<{ name: string }>(`SELECT name FROM sqlite_master WHERE ${OWN_TABLES}`).toArray())
          sql.exec(`DROP TABLE ${name}`);
        for (const table of tables) {
          sql.exec(table.sql);
          for (const row of table.rows) sql.exec(insertInto(table.name, row), ...Object.values(row));
        }
        for (const index of indexes) sql.exec(index);
      });
    });
    await abortObject(stub());
  };
}

export async function bookmarkDatabase(database: D1Database): Promise<Bookmark> {
  const names = await tableNames(database);
  const answers = await database.batch<Table["rows"][number]>(names.map((name) => database.prepare(`SELECT * FROM ${name}`)));
  return async () => {
    const inserts = names.flatMap((name, index) =>
      (answers[index]?.results ?? []).map((row) => database.prepare(insertInto(name, row)).bind(...Object.values(row))),
    );
    await database.batch([
      database.prepare("PRAGMA defer_foreign_keys = on"),
      ...names.map((name) => database.prepare(`DELETE FROM ${name}`)),
      ...inserts,
    ]);
  };
}

async function tableNames(database: D1Database): Promise<readonly string[]> {
  const { results } = await database.prepare(`SELECT name FROM sqlite_master WHERE ${OWN_TABLES}`).all<{ name: string }>();
  return results.map(({ name }) => name).filter((name) => name !== "d1_migrations");
}

function insertInto(table: string, row: Readonly<Record<string, Cell>>): string {
  const columns = Object.keys(row);
  return `INSERT INTO ${table} (${columns.map((column) => `"${column}"`).join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
}
