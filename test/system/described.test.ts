/** The published document: complete, well-formed, and about this very system. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/workers.ts";
import { routeMatcher } from "../../workers/gateway/match-route.ts";
import { ROUTES } from "../../workers/gateway/routing-table.ts";
import { RAW_TARGETS } from "./hostile-input.ts";
import { pooled } from "./pooled.ts";
import { type ApiDocument, operations, publishedDocument, resolve } from "./published-api.ts";
import { rawRequest } from "./raw-request.ts";
import { sampleBody, samplePath } from "./sample-body.ts";
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

/** Refusals that ran nothing: their key stays free (`replay-answer.ts`). */
const NOT_CARRIED_OUT = new Set([400, 401, 403, 405, 408, 413, 415, 422, 425, 429]);
/** A repetition comes with a credential that the first one ended. */
const ENDS_ITS_CREDENTIAL = /^\/v1\/auth\/sign-out/;
const routeOf = routeMatcher(ROUTES);

describe("every published POST", () => {
  it("takes an Idempotency-Key", () => {
    const keyless = operations(document).filter(
      ({ method, operation }) =>
        method === "POST" &&
        !(operation.parameters ?? []).some((each) => resolve(document, each).name.toLowerCase() === "idempotency-key"),
    );
    expect(keyless).toEqual([]);
  });

  it("has one effect a key: the same body gets the first answer again, another body is refused", async () => {
    const account = { email: "keys@shop.example", password: "a long and unusual passphrase 9" };
    const registered = await send("/v1/auth/register", { body: JSON.stringify(account) });
    const customer = (JSON.parse(registered.text) as { access_token: string }).access_token;
    const faults: string[] = [];
    const decided: string[] = [];
    const posts = operations(document).filter(
      ({ method, path }) => method === "POST" && routeOf(path)?.idempotency === "gateway" && !ENDS_ITS_CREDENTIAL.test(path),
    );
    await pooled(posts, async (target) => {
      const path = samplePath(target.path);
      const body = sampleBody(document, target);
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${path.startsWith("/v1/me") ? customer : system.adminKey}`,
        "idempotency-key": randomUUID(),
      };
      const first = await send(path, { body: text, headers });
      if (first.status >= 500) faults.push(`POST ${target.path} → ${first.status}`);
      if (NOT_CARRIED_OUT.has(first.status) || first.status >= 500) return;
      decided.push(target.path);
      const second = await send(path, { body: text, headers });
      if (second.replayed !== "true" || second.status !== first.status || second.text !== first.text)
        faults.push(`POST ${target.path}: ${first.status}, then ${second.status}`);
      const other = await send(path, { body: `${text ?? "{}"} `, headers });
      if (other.status !== 422 || !other.text.includes("idempotency_key_reused"))
        faults.push(`POST ${target.path}, another body: ${other.status}`);
    });
    expect(faults).toEqual([]);
    // What is refused before anything is done, such as a wrong password, keeps no key.
    expect(decided.length).toBeGreaterThan(posts.length / 2);
    expect(decided).toEqual(expect.arrayContaining(["/v1/carts", "/v1/me/addresses", "/v1/admin/orders/{id}/refunds"]));
  });
});

async function send(path: string, { body, headers = {} }: { readonly body: string | undefined; readonly headers?: object }) {
  const answer = await fetch(system.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, text: await answer.text(), replayed: answer.headers.get("idempotent-replayed") };
}

describe("the system", () => {
  it("is healthy, every service and every database", async () => {
    const response = await fetch(`${system.url}/healthz`);
    expect(await response.json()).toMatchObject({ status: "ok" });
  });

  it("is not reached by an address that a client would tidy", async () => {
    const authorization = `authorization: Bearer ${system.adminKey}\r\n`;
    for (const [target, statuses] of RAW_TARGETS) {
      const answer = await rawRequest(
        system.url,
        `GET ${target} HTTP/1.1\r\nhost: shop\r\n${authorization}connection: close\r\n\r\n`,
      );
      expect([target, statuses.includes(Number(answer.slice(9, 12))), answer.includes('"items":')]).toEqual([
        target,
        true,
        false,
      ]);
    }
  });

  it("serves its docs and their script", async () => {
    expect(await (await fetch(`${system.url}/docs`)).text()).toContain("/docs/standalone.js");
    const script = await fetch(`${system.url}/docs/standalone.js`);
    expect(script.status).toBe(200);
    expect((await script.text()).length).toBeGreaterThan(1_000_000);
  });
});
