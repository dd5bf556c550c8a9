/** Reads every import of production code: the design's boundaries hold, or the build fails here. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configPath } from "../../scripts/workers.ts";
import { ownFolder, refuseEdge } from "./boundaries.ts";
import { importsOf, readSources } from "./source-files.ts";
import { objectOwners, readWorkerConfigs } from "./worker-configs.ts";

const sources = readSources(["workers", "durable-objects", "queues"]);
const owners = objectOwners(readWorkerConfigs());
const { dependencies } = JSON.parse(readFileSync(configPath("package.json"), "utf8")) as {
  dependencies: Record<string, string>;
};

/** `@scope/name/sub` → `@scope/name`. */
function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

describe("imports", () => {
  it("finds the sources of every worker, object and consumer", () => {
    const folders = new Set(sources.map(({ path }) => ownFolder(path)));
    for (const { folder } of readWorkerConfigs()) expect(folders).toContain(folder);
    for (const objects of owners.values()) for (const object of objects) expect(folders).toContain(`durable-objects/${object}/`);
  });

  it("cross no boundary that the design draws", () => {
    const violations = sources.flatMap((file) =>
      importsOf(file).flatMap(({ path }) => {
        const reason = path === null ? undefined : refuseEdge(file.path, path, owners);
        return reason === undefined ? [] : [`${file.path} → ${path}: ${reason}`];
      }),
    );
    expect(violations).toEqual([]);
  });

  it("name the file with its extension", () => {
    const violations = sources.flatMap((file) =>
      importsOf(file)
        .filter(({ path }) => path !== null && !/\.(?:tsx?|json|wasm|css|html|txt)$/.test(path))
        .map(({ specifier }) => `${file.path}: ${specifier}`),
    );
    expect(violations).toEqual([]);
  });

  it("take packages only from the dependencies that production installs", () => {
    const violations = sources.flatMap((file) =>
      importsOf(file)
        .filter(({ specifier, path }) => path === null && !/^(?:cloudflare|node):/.test(specifier))
        .filter(({ specifier }) => dependencies[packageOf(specifier)] === undefined)
        .map(({ specifier }) => `${file.path}: ${specifier}`),
    );
    expect(violations).toEqual([]);
  });
});

describe("the boundary rule itself", () => {
  const OWNERS = new Map([["workers/inventory/", ["sku-stock"]]]);

  it.each([
    ["workers/orders/index.ts", "workers/orders/routes.ts"],
    ["workers/orders/index.ts", "workers/shared/result.ts"],
    ["workers/orders/index.ts", "workers/inventory/contract.ts"],
    ["workers/orders/index.ts", "queues/contracts/order-events.ts"],
    ["workers/inventory/index.ts", "durable-objects/sku-stock/index.ts"],
    ["durable-objects/sku-stock/index.ts", "workers/inventory/contract.ts"],
    ["queues/analytics/index.ts", "workers/orders/contract.ts"],
    ["workers/shared/follow-log.ts", "queues/contracts/envelope.ts"],
  ])("lets %s import %s", (from, to) => {
    expect(refuseEdge(from, to, OWNERS)).toBeUndefined();
  });

  it.each([
    ["workers/orders/index.ts", "workers/inventory/schema.ts"],
    ["workers/orders/index.ts", "durable-objects/sku-stock/contract.ts"],
    ["workers/inventory/contract.ts", "workers/inventory/schema.ts"],
    ["durable-objects/sku-stock/index.ts", "workers/inventory/routes.ts"],
    ["queues/analytics/index.ts", "queues/notifications/schema.ts"],
    ["workers/shared/result.ts", "workers/orders/contract.ts"],
    ["workers/orders/index.ts", "test/secrets.ts"],
    ["workers/orders/index.ts", "scripts/workers.ts"],
    ["queues/contracts/envelope.ts", "workers/orders/contract.ts"],
  ])("refuses %s importing %s", (from, to) => {
    expect(refuseEdge(from, to, OWNERS)).toBeTypeOf("string");
  });

  it("sees type-only, re-exported and dynamic imports", () => {
    const text =
      'import type { A } from "./a.ts";\nexport { b } from "../b.ts";\nconst c = () => import("./c.ts");\nimport d from "d";';
    expect(importsOf({ path: "workers/x/y.ts", text }).map(({ path }) => path)).toEqual([
      "workers/x/a.ts",
      "workers/b.ts",
      "workers/x/c.ts",
      null,
    ]);
  });
});
