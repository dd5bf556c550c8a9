/** Reads every wrangler.toml: one public worker, owned objects, queues that lose nothing. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RETRIES_MAX } from "../../queues/contracts/dead-letters.ts";
import { readWorkers } from "../../scripts/deploy/deploy-workers.ts";
import { productionConfig } from "../../scripts/deploy/production-config.ts";
import { configPath, WORKER_CONFIGS } from "../../scripts/workers.ts";
import { RATE_POLICIES, RATE_WINDOW_SECONDS } from "../../workers/gateway/rate-policies.ts";
import { objectFolder, readWorkerConfigs, type WorkerConfig } from "./worker-configs.ts";

/** https://developers.cloudflare.com/queues/platform/limits/ */
const RETRIES_PLATFORM_MAX = 100;

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

  it("stay so when they are deployed: no route, no address and no preview of any worker but the gateway", () => {
    const deployed = new Set(workers.map(({ config }) => config.name ?? ""));
    const databaseIds = new Map(
      readWorkers().flatMap(({ raw }) => (raw.d1_databases ?? []).map((each) => [each.database_name, "id"])),
    );
    for (const { raw, path } of readWorkers()) {
      const {
        routes,
        route,
        workers_dev: dev,
        preview_urls: previews,
      } = productionConfig(raw, path, { databaseIds, variables: {}, deployed });
      if (path === configPath("wrangler.toml")) continue;
      expect({ name: raw.name, routes, route, dev, previews }).toEqual({ name: raw.name, dev: false, previews: false });
    }
  });

  it("let nobody call the gateway from inside: what it was told about the caller would be lost", () => {
    const callers = workers.filter(({ config }) => config.services?.some(({ service }) => service === "holdfast-gateway"));
    expect(callers.map(({ file }) => file)).toEqual([]);
  });

  it("give the platform's counters the limits that callers are told", () => {
    const configured = workers.find(({ file }) => file === "wrangler.toml")?.config.ratelimits ?? [];
    expect(configured.map(({ name, simple }) => ({ name, ...simple }))).toEqual(
      Object.values(RATE_POLICIES).map(({ binding, quota }) => ({ name: binding, limit: quota, period: RATE_WINDOW_SECONDS })),
    );
    expect(new Set(configured.map(({ namespace_id: id }) => id)).size).toBe(configured.length);
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

/** Where messages end that nobody could process: nothing follows it, and it may put them back. */
const DEAD_LETTERS = "queues/dead-letters/wrangler.toml";
const living = consumers.filter(({ file }) => file !== DEAD_LETTERS);
const replayable = producers.filter(({ file }) => file === DEAD_LETTERS);
/** The platform fills these; no worker is bound to them. */
const deadQueues = living.map(({ queue }) => `${queue}-dead`);

describe("queues", () => {
  it("have a producer and a consumer each", () => {
    const sent = new Set([...producers.filter(({ file }) => file !== DEAD_LETTERS).map(({ queue }) => queue), ...deadQueues]);
    const received = new Set(consumers.map(({ queue }) => queue));
    expect([...sent].sort()).toEqual([...received].sort());
    expect(consumers).toHaveLength(received.size);
    expect(living.length).toBeGreaterThan(0);
  });

  it("keep what cannot be processed: the retries that consumers count on, and a dead-letter queue of their own", () => {
    for (const { file, queue, max_retries: maxRetries, dead_letter_queue: deadLetterQueue } of living) {
      expect(maxRetries, `${file}: max_retries of ${queue}`).toBe(RETRIES_MAX);
      expect(deadLetterQueue, `${file}: dead_letter_queue of ${queue}`).toBe(`${queue}-dead`);
    }
  });

  it("end in the dead letters, which try as long as the platform lets them and can put every message back", () => {
    const received = consumers.filter(({ file }) => file === DEAD_LETTERS);
    expect(received.map(({ queue }) => queue).sort()).toEqual(["dead-letters", ...deadQueues].sort());
    for (const { queue, max_retries: maxRetries } of received) expect(maxRetries, queue).toBe(RETRIES_PLATFORM_MAX);
    expect(replayable.map(({ queue }) => queue).sort()).toEqual(["dead-letters", ...living.map(({ queue }) => queue)].sort());
    for (const { queue, binding } of replayable) expect(binding).toBe(queue.toUpperCase().replaceAll("-", "_"));
  });

  it("carry order events from the orders worker and stock events from inventory, and from nobody else but the dead letters", () => {
    for (const { file, queue, binding } of producers) {
      const kind = /^(order|stock)-events-/.exec(queue)?.[1];
      if (kind === undefined || file === DEAD_LETTERS) continue;
      expect(binding).toBe(queue.toUpperCase().replaceAll("-", "_"));
      expect(file).toBe(kind === "order" ? "workers/orders/wrangler.toml" : "workers/inventory/wrangler.toml");
    }
  });
});
