import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { LOCAL_ONLY_WORKERS, productionConfig, type RawConfig, resourcesOf } from "../../../scripts/deploy/production-config.ts";
import { configPath, WORKER_CONFIGS } from "../../../scripts/workers.ts";

const workers = WORKER_CONFIGS.map((config) => ({
  path: configPath(config),
  raw: parse(readFileSync(configPath(config), "utf8")) as unknown as RawConfig,
}));
const names = new Set(workers.map(({ raw }) => raw.name));
const resources = resourcesOf(workers.map(({ raw }) => raw));
const production = {
  databaseIds: new Map(resources.databases.map((name) => [name, `id-of-${name}`])),
  variables: { PUBLIC_URL: "https://shop.example", ENVIRONMENT: "production" },
  deployed: names,
};

describe("the config that is deployed", () => {
  it("binds no worker to the payment sandbox", () => {
    for (const { raw, path } of workers) {
      const services = productionConfig(raw, path, production).services ?? [];
      expect(services.filter(({ service }) => LOCAL_ONLY_WORKERS.has(service))).toEqual([]);
    }
  });

  it("gives every database its id in the account, and refuses to guess one", () => {
    const orders = workers.find(({ raw }) => raw.name === "holdfast-orders");
    if (orders === undefined) throw new Error("there is no orders worker");
    expect(productionConfig(orders.raw, orders.path, production).d1_databases?.[0]).toMatchObject({
      database_id: "id-of-holdfast-orders",
    });
    expect(() => productionConfig(orders.raw, orders.path, { ...production, databaseIds: new Map() })).toThrow(
      /no database holdfast-orders/,
    );
  });

  it("replaces local variables where a worker has them and adds none", () => {
    for (const { raw, path } of workers) {
      const vars = productionConfig(raw, path, production).vars ?? {};
      expect(Object.keys(vars)).toEqual(Object.keys(raw.vars ?? {}));
      for (const [name, value] of Object.entries(vars)) expect(value, `${raw.name} ${name}`).not.toMatch(/localhost/);
    }
  });

  it("leaves out bindings to workers that are not there yet, so that circles can be deployed", () => {
    const payments = workers.find(({ raw }) => raw.name === "holdfast-payments");
    if (payments === undefined) throw new Error("there is no payments worker");
    expect(productionConfig(payments.raw, payments.path, { ...production, deployed: new Set() }).services).toEqual([]);
  });

  it("creates every dead-letter queue too", () => {
    for (const { raw } of workers) {
      for (const { queue, dead_letter_queue: deadLetterQueue } of raw.queues?.consumers ?? [])
        expect(resources.queues).toContain(deadLetterQueue ?? queue);
    }
  });
});
