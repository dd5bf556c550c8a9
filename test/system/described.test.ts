/** The published document: complete, well-formed, and about this very system. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/workers.ts";
import { type ApiDocument, operations, publishedDocument } from "./published-api.ts";
import { startSystem, type TestSystem } from "./serve-system.ts";

let system: TestSystem;
let document: ApiDocument;

beforeAll(async () => {
  system = await startSystem();
  document = await publishedDocument(system);
});
afterAll(() => system?.stop());

/** The fixed contract of the main job. */
const CONTRACT = [
  "GET /v1/products",
  "GET /v1/products/{}",
  "GET /v1/availability",
  "POST /v1/carts",
  "GET /v1/carts/{}",
  "PUT /v1/carts/{}/lines/{}",
  "PATCH /v1/carts/{}",
  "GET /v1/carts/{}/shipping-options",
  "POST /v1/carts/{}/checkout",
  "GET /v1/orders/{}",
  "POST /v1/admin/imports",
  "GET /v1/admin/imports/{}",
  "POST /v1/admin/stock/{}/receipts",
  "GET /v1/admin/stock/{}",
  "GET /v1/admin/orders",
  "POST /v1/admin/orders/{}/refunds",
  "POST /v1/admin/orders/{}/cancel",
  "GET /v1/admin/reports/sales",
  "GET /v1/admin/notifications",
  "GET /v1/admin/audit",
  "POST /v1/webhooks/stripe",
  "GET /healthz",
];

describe("/openapi.json", () => {
  it("describes every call of the contract", () => {
    const published = new Set(operations(document).map(({ method, path }) => `${method} ${path.replace(/\{[^}]+\}/g, "{}")}`));
    expect(CONTRACT.filter((call) => !published.has(call))).toEqual([]);
  });

  it("names each operation once and files it under a described tag", () => {
    const ids = operations(document).map(({ operation }) => operation.operationId);
    expect(ids.filter((id, index) => id === undefined || ids.indexOf(id) !== index)).toEqual([]);
    const text = JSON.stringify(document);
    expect(text).not.toContain("Operations of ");
  });

  it("asks for a credential on every operator's and customer's call", () => {
    const open = operations(document).filter(
      ({ path, operation }) => /^\/v1\/(?:admin|me)\b/.test(path) && operation.security.length === 0,
    );
    expect(open).toEqual([]);
  });

  it("passes the linter", async () => {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-openapi-"));
    const file = join(folder, "openapi.json");
    await writeFile(file, JSON.stringify(document));
    const redocly = join(ROOT, "node_modules/@redocly/cli/bin/cli.js");
    const args = [redocly, "lint", file, "--config", join(ROOT, "test/system/redocly.yaml"), "--format", "stylish"];
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const outcome = await promisify(execFile)(process.execPath, args, { env, cwd: folder }).then(
      ({ stdout, stderr }) => ({ failed: false, text: stdout + stderr }),
      (error: { stdout?: string; stderr?: string }) => ({ failed: true, text: `${error.stdout}${error.stderr}` }),
    );
    await rm(folder, { recursive: true });
    expect(outcome.failed ? outcome.text : "").toBe("");
  });
});

describe("the system", () => {
  it("is healthy, every service and every database", async () => {
    const response = await fetch(`${system.url}/healthz`);
    expect(await response.json()).toMatchObject({ status: "ok" });
  });

  it("serves its docs and their script", async () => {
    expect(await (await fetch(`${system.url}/docs`)).text()).toContain("/docs/standalone.js");
    const script = await fetch(`${system.url}/docs/standalone.js`);
    expect(script.status).toBe(200);
    expect((await script.text()).length).toBeGreaterThan(1_000_000);
  });
});
