/**
 * Brings every local D1 to its newest schema through Miniflare's own binding, in one process: what
 * `wrangler d1 migrations apply` does for each database in about two seconds apiece. Same bookkeeping table, so both work.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig, unstable_splitSqlQuery } from "wrangler";
import { configPath, WORKER_CONFIGS } from "../workers.ts";
import { appliedMigrations } from "./applied-migrations.ts";

/** What both `D1Database` types (Workers' and Miniflare's) have. */
interface Database {
  prepare(query: string): { bind(...values: unknown[]): PreparedStatement; all<T>(): Promise<{ results: T[] }> };
  batch(statements: PreparedStatement[]): Promise<unknown>;
}
type PreparedStatement = object;

/** The part of wrangler's parsed config that is read here. */
interface D1Config {
  readonly binding: string;
  readonly database_name?: string;
  readonly database_id?: string;
  readonly migrations_dir?: string;
}

export interface LocalDatabase {
  readonly name: string;
  readonly id: string;
  readonly migrationsDirectory: string;
}

export function localDatabases(): LocalDatabase[] {
  return WORKER_CONFIGS.flatMap((config) => {
    const path = configPath(config);
    return unstable_readConfig({ config: path }).d1_databases.flatMap((database: D1Config) =>
      database.database_id === undefined || database.migrations_dir === undefined
        ? []
        : [
            {
              name: database.database_name ?? database.binding,
              id: database.database_id,
              migrationsDirectory: resolve(dirname(path), database.migrations_dir),
            },
          ],
    );
  });
}

/** Where Miniflare keeps everything, in the layout that `wrangler dev --persist-to` uses. */
export function persistencePath(stateDirectory: string): string {
  return join(stateDirectory, "v3");
}

/** @returns the names of the migrations that were applied, per database. */
export async function migrateAll(
  stateDirectory: string,
  databases: readonly LocalDatabase[] = localDatabases(),
): Promise<Map<string, string[]>> {
  if (databases.every((database) => isMigrated(stateDirectory, database))) {
    return new Map(databases.map(({ name }) => [name, []]));
  }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      resourcePersistencePath: persistencePath(stateDirectory),
      telemetry: { enabled: false },
      modules: true,
      script: "export default { fetch: () => new Response(null) }",
      d1Databases: Object.fromEntries(databases.map((database) => [database.name, database.id])),
    }),
  );
  try {
    const applied = databases.map(async ({ name, migrationsDirectory }) => {
      const binding = (await miniflare.getD1Database(name)) as unknown as Database;
      return [name, await migrate(binding, migrationsDirectory)] as const;
    });
    return new Map(await Promise.all(applied));
  } finally {
    await miniflare.dispose();
  }
}

function isMigrated(stateDirectory: string, { id, migrationsDirectory }: LocalDatabase): boolean {
  const applied = appliedMigrations(persistencePath(stateDirectory), id);
  return applied !== null && migrationFiles(migrationsDirectory).every((file) => applied.has(file));
}

function migrationFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".sql"))
    .sort();
}

/** Applies the `NNNN_name.sql` files that the database has not seen, each in one transaction. */
export async function migrate(database: Database, migrationsDirectory: string): Promise<string[]> {
  await database.batch([
    database
      .prepare(
        "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
      )
      .bind(),
  ]);
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const known = new Set(results.map((row) => row.name));
  const files = migrationFiles(migrationsDirectory).filter((file) => !known.has(file));
  for (const file of files) {
    const statements = unstable_splitSqlQuery(readFileSync(join(migrationsDirectory, file), "utf8"));
    await database.batch([
      ...statements.map((statement) => database.prepare(statement).bind()),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(file),
    ]);
  }
  return files;
}
