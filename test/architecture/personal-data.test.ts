/** Every table is classified, and every service with a store gives a person their data and forgets it, or says why not. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { OWNERS, ownerName } from "../../durable-objects/privacy-run/env.ts";
import { configPath, ROOT } from "../../scripts/workers.ts";
import { DATABASES, EXEMPT, OBJECTS, type TablePolicy } from "./personal-data.ts";
import { objectFolder, readWorkerConfigs, type WorkerConfig } from "./worker-configs.ts";

const REBUILT = /^rebuilt_/;
const workers = readWorkerConfigs();

function hasStore({ config }: WorkerConfig): boolean {
  const { d1_databases: databases, durable_objects: objects, r2_buckets: buckets, kv_namespaces: namespaces } = config;
  return [databases, objects.bindings, buckets ?? [], namespaces ?? []].some((bindings) => bindings.length > 0);
}

const withStore = workers.filter(hasStore);
const answering = withStore.filter(({ file }) => EXEMPT[file] === undefined);

function folders(pattern: string): string[] {
  return globSync(pattern, { cwd: ROOT }).map((path) => path.replace(/\/$/, "").split("/").at(-1) ?? "");
}

function databaseTables(service: string): string[] {
  const database = new DatabaseSync(":memory:");
  for (const file of globSync(`migrations/${service}/*.sql`, { cwd: ROOT }).sort()) {
    database.exec(readFileSync(join(ROOT, file), "utf8"));
  }
  const rows = database.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").all();
  const names = rows.map(({ name }) => String(name)).filter((name) => !name.startsWith("sqlite_"));
  return [...new Set(names.map((name) => name.replace(REBUILT, "")))].sort();
}

function objectTables(folder: string): string[] {
  const sources = globSync(`durable-objects/${folder}/*.ts`, { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), "utf8"));
  const names = sources.flatMap((text) =>
    [...text.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)/g)].map(([, name]) => name ?? ""),
  );
  return [...new Set(names)].sort();
}

function policiesOf({ folder, config }: WorkerConfig): TablePolicy[] {
  const service = folder.split("/").at(-2) ?? "";
  const objects = config.durable_objects.bindings.map(({ class_name: name }) => OBJECTS[objectFolder(name)] ?? {});
  const database = config.d1_databases.length > 0 ? (DATABASES[service] ?? {}) : {};
  return [database, ...objects].flatMap((tables) => Object.values(tables));
}

describe("tables", () => {
  it.each(folders("migrations/*/"))("of %s are classified in personal-data.ts, all of them and no others", (service) => {
    expect(Object.keys(DATABASES[service] ?? {}).sort()).toEqual(databaseTables(service));
  });

  it.each(folders("durable-objects/*/"))("of the object %s are classified, all of them and no others", (folder) => {
    expect(Object.keys(OBJECTS[folder] ?? {}).sort()).toEqual(objectTables(folder));
  });

  it("with personal data stand in the operators' page, with what becomes of them", () => {
    const page = readFileSync(configPath("docs/privacy.md"), "utf8");
    for (const [store, tables] of [...Object.entries(DATABASES), ...Object.entries(OBJECTS)]) {
      for (const [table, policy] of Object.entries(tables)) {
        if (policy.kind === "owned") expect(page, `${store}: ${table}`).toContain(`\`${table}\``);
      }
    }
  });
});

describe("services with a store", () => {
  it("are the ones that are exempt and the ones that the privacy worker asks", () => {
    expect(withStore.map(({ file }) => file)).toEqual(expect.arrayContaining(Object.keys(EXEMPT)));
    expect(answering.map(({ config }) => config.name).sort()).toEqual(
      OWNERS.map((owner) => `holdfast-${ownerName(owner)}`).sort(),
    );
  });

  it.each(answering.map((worker) => [worker.config.name ?? "", worker] as const))(
    "%s exports and erases a person",
    (name, { folder }) => {
      const entry = readFileSync(configPath(`${folder}index.ts`), "utf8");
      expect(entry).toMatch(/async exportPerson\(/);
      expect(entry).toMatch(/async erasePerson\(/);
      const privacy = workers.find(({ file }) => file === "workers/privacy/wrangler.toml");
      expect((privacy?.config.services ?? []).map(({ service }) => service)).toContain(name);
    },
  );

  it("that are exempt own no table that an erasure would have to reach", () => {
    const owned = withStore
      .filter(({ file }) => EXEMPT[file] !== undefined)
      .filter((worker) => policiesOf(worker).some(({ kind }) => kind === "owned"));
    expect(owned.map(({ file }) => file)).toEqual([]);
  });

  it("give every section that the table names", () => {
    const sources = globSync("{workers,queues}/*/*.ts", { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), "utf8"));
    const text = sources.join("\n");
    for (const policy of [DATABASES, OBJECTS].flatMap((stores) =>
      Object.values(stores).flatMap((tables) => Object.values(tables)),
    )) {
      if (policy.kind === "owned" && policy.section !== null) expect(text).toContain(`name: "${policy.section}"`);
    }
  });
});
