/** The SQL migrations are the truth of every D1 schema; the drizzle tables that queries use must say the same. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import { configPath, ROOT } from "../../scripts/workers.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly primaryKey: boolean;
}

type Tables = Record<string, Column[]>;

const services = globSync("migrations/*/", { cwd: ROOT })
  .map((folder) => folder.replace(/^migrations\//, "").replace(/\/$/, ""))
  .sort();

function migrate(service: string): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  for (const file of globSync(`migrations/${service}/*.sql`, { cwd: ROOT }).sort()) {
    database.exec(readFileSync(join(ROOT, file), "utf8"));
  }
  return database;
}

interface TableRow {
  readonly name: string;
  readonly type: string;
  readonly strict: number;
}

/** Ordinary tables; virtual ones and their shadows are raw SQL everywhere. */
function ordinaryTables(database: DatabaseSync): TableRow[] {
  const rows = database.prepare("SELECT name, type, strict FROM pragma_table_list WHERE schema = 'main'").all();
  return (rows as unknown as TableRow[]).filter(({ name, type }) => type === "table" && !name.startsWith("sqlite_"));
}

function sqlTables(database: DatabaseSync): Tables {
  return Object.fromEntries(
    ordinaryTables(database).map(({ name }) => [
      name,
      database
        .prepare('SELECT name, lower(type) AS type, "notnull" AS required, pk FROM pragma_table_xinfo(?)')
        .all(name)
        .map((row) => ({
          name: String(row["name"]),
          type: String(row["type"]),
          notNull: Number(row["required"]) === 1 || Number(row["pk"]) > 0,
          primaryKey: Number(row["pk"]) > 0,
        }))
        .sort(byName),
    ]),
  );
}

async function drizzleTables(service: string): Promise<Tables> {
  const file = [`workers/${service}/schema.ts`, `queues/${service}/schema.ts`].find((path) => existsSync(configPath(path)));
  if (file === undefined) throw new Error(`${service} has migrations but no schema.ts`);
  const module = (await import(pathToFileURL(configPath(file)).href)) as Record<string, unknown>;
  const tables: Tables = {};
  for (const value of Object.values(module)) {
    if (!is(value, SQLiteTable)) continue;
    const { name, columns, primaryKeys } = getTableConfig(value);
    const keys = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
    tables[name] = columns
      .map((column) => {
        const primaryKey = column.primary || keys.has(column.name);
        return { name: column.name, type: column.getSQLType(), notNull: column.notNull || primaryKey, primaryKey };
      })
      .sort(byName);
  }
  return tables;
}

function byName(left: Column, right: Column): number {
  return left.name < right.name ? -1 : 1;
}

describe("migrations", () => {
  it("exist for services", () => {
    expect(services).toContain("inventory");
  });

  it.each(services)("of %s agree with its drizzle tables, column by column", async (service) => {
    const declared = await drizzleTables(service);
    expect(Object.keys(declared).length).toBeGreaterThan(0);
    // Tables that are only used by raw SQL need no drizzle table: nothing could disagree.
    const truth = Object.entries(sqlTables(migrate(service))).filter(([name]) => declared[name] !== undefined);
    expect(declared).toEqual(Object.fromEntries(truth));
  });

  it.each(services)("of %s make STRICT tables only", (service) => {
    const loose = ordinaryTables(migrate(service)).filter(({ strict }) => strict !== 1);
    expect(loose.map(({ name }) => name)).toEqual([]);
  });

  it.each(services)("of %s are numbered without a gap", (service) => {
    const numbers = globSync(`migrations/${service}/*.sql`, { cwd: ROOT })
      .map((file) => /\/(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1])
      .sort();
    expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, "0")));
  });
});
