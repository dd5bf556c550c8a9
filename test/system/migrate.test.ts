/** Local databases are brought to their newest schema by the runtime, and found there by Node. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { appliedMigrations } from "../../scripts/lib/applied-migrations.ts";
import { localDatabases, migrateAll, persistencePath } from "../../scripts/lib/migrate.ts";

let stateDirectory = "";
const inFile = (id: string) => [...(appliedMigrations(persistencePath(stateDirectory), id) ?? ["no file"])];

beforeAll(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), "holdfast-migrate-"));
});

afterAll(async () => {
  await rm(stateDirectory, { recursive: true, force: true });
});

it("finds in the file of each database what the runtime applied, and then has nothing to do", async () => {
  const databases = localDatabases();
  expect(databases.map(({ id }) => inFile(id))).toEqual(databases.map(() => ["no file"]));
  const applied = await migrateAll(stateDirectory);
  expect([...applied.values()].every((names) => names.length > 0)).toBe(true);
  expect(databases.map(({ id }) => inFile(id))).toEqual(databases.map(({ name }) => applied.get(name)));
  expect([...(await migrateAll(stateDirectory)).values()].flat()).toEqual([]);
});

it("asks the runtime about a database that lacks a migration, whatever the others have", async () => {
  const [first] = localDatabases();
  const folder = await mkdtemp(join(tmpdir(), "holdfast-migrations-"));
  await writeFile(join(folder, "9999_more.sql"), "CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;");
  try {
    const more = localDatabases().map((database) =>
      database.name === first?.name ? { ...database, migrationsDirectory: folder } : database,
    );
    expect((await migrateAll(stateDirectory, more)).get(first?.name ?? "")).toEqual(["9999_more.sql"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
