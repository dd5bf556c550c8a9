/** Reads every wrangler.toml: one public worker, owned objects, queues that lose nothing. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configPath, WORKER_CONFIGS } from "../../scripts/workers.ts";
import { objectFolder, readWorkerConfigs, type WorkerConfig } from "./worker-configs.ts";

const workers = readWorkerConfigs();
const named = workers.map((worker) => [worker.file, worker] as const);
const consumers = workers.flatMap(({ file, config }) =>
  (config.queues.consumers ?? []).map((consumer) => ({ file, ...consumer })),
);
const producers = workers.flatMap(({ file, config }) =>
  (config.queues.producers ?? []).map((producer) => ({ file, ...producer })),
);

describe("worker configs", () => {
  it("are exactly those that scripts and tests run", () => {
    expect(workers.map(({ file }) => file).sort()).toEqual([...WORKER_CONFIGS].sort());
  });

  it("have names of their own", () => {
    const names = workers.map(({ config }) => config.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^holdfast-[a-z-]+$/);
  });

  it.each(named)("%s is public only if it is the gateway", (file, { config }: WorkerConfig) => {
    const routes = [config.route, ...(config.routes ?? [])].filter((route) => route !== undefined);
    if (file === "wrangler.toml") {
      expect(config.workers_dev === true || routes.length > 0).toBe(true);
      return;
    }
    expect(config.workers_dev).toBe(false);
    expect(config.preview_urls).toBe(false);
    expect(routes).toEqual([]);
  });

  it("bind an object class in one place, its owner, which exports it and stores it in SQLite", () => {
    const bindings = workers.flatMap((worker) =>
      worker.config.durable_objects.bindings.map((binding) => ({ worker, ...binding })),
    );
    const classes = bindings.map((binding) => binding.class_name);
    expect(new Set(classes).size).toBe(classes.length);
    for (const { worker, class_name: className, script_name: scriptName } of bindings) {
      expect(scriptName, `${className} belongs to another script`).toBeUndefined();
      const entry = readFileSync(configPath(`${worker.folder}index.ts`), "utf8");
      expect(entry).toMatch(new RegExp(`export \\{ ${className} \\} from "[./]*durable-objects/${objectFolder(className)}/`));
      expect(worker.config.migrations.flatMap((migration) => migration.new_sqlite_classes ?? [])).toContain(className);
    }
  });

  it("call only services that exist", () => {
    const names = workers.map(({ config }) => config.name);
    for (const { config } of workers) for (const { service } of config.services ?? []) expect(names).toContain(service);
  });

  it("own one database each", () => {
    const databases = workers.flatMap(({ config }) => config.d1_databases.map((database) => database.database_id));
    expect(new Set(databases).size).toBe(databases.length);
  });
});

describe("queues", () => {
  it("have a producer and a consumer each", () => {
    const sent = new Set(producers.map(({ queue }) => queue));
    const received = new Set(consumers.map(({ queue }) => queue));
    expect(sent).toEqual(received);
    expect(consumers).toHaveLength(received.size);
    expect(sent.size).toBeGreaterThan(0);
  });

  it("keep what cannot be processed: retries are bounded and a dead-letter queue of their own follows", () => {
    for (const { file, queue, max_retries: maxRetries, dead_letter_queue: deadLetterQueue } of consumers) {
      expect(maxRetries, `${file}: max_retries of ${queue}`).toBeTypeOf("number");
      expect(deadLetterQueue, `${file}: dead_letter_queue of ${queue}`).toBe(`${queue}-dead`);
    }
  });

  it("carry order events from the orders worker and stock events from inventory only", () => {
    for (const { file, queue, binding } of producers) {
      const kind = /^(order|stock)-events-/.exec(queue)?.[1];
      if (kind === undefined) continue;
      expect(binding).toBe(queue.toUpperCase().replaceAll("-", "_"));
      expect(file).toBe(kind === "order" ? "workers/orders/wrangler.toml" : "workers/inventory/wrangler.toml");
    }
  });
});
