/** What the gateway says about the whole: health, OpenAPI, docs. */
import { afterEach, describe, expect, it } from "vitest";
import { call, peer, resetPeers } from "./client.ts";

afterEach(resetPeers);

interface Operation {
  readonly security: unknown;
  readonly parameters?: readonly unknown[];
  readonly responses: Record<string, unknown>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, unknown>>;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
}

function serviceDocument(path: string, schema: object, method = "get") {
  const answer = { description: "ok", content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } };
  return {
    openapi: "3.1.0",
    paths: { [path]: { [method]: { operationId: path, tags: ["carts"], responses: { 200: answer } } } },
    components: { schemas: { Thing: schema } },
  };
}

const SAME = { type: "object", properties: { a: { type: "string" } } };

describe("/healthz", () => {
  it("is 200 when every service is well", async () => {
    const response = await call("/healthz");
    expect(response.status).toBe(200);
    const health = await response.json<{ services: Record<string, unknown>; environment: string }>();
    expect(health.environment).toBe("local");
    expect(health.services["orders"]).toEqual({ status: "ok", checks: { database: "ok" } });
    expect(Object.keys(health.services)).toHaveLength(12);
  });

  it("is 503 and says which service is not", async () => {
    await peer("PAYMENTS").behave({ healthy: false });
    const response = await call("/healthz");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: "failing",
      services: { payments: { status: "failing" }, orders: { status: "ok" } },
    });
  });
});

describe("/openapi.json", () => {
  it("merges the services: one name for the same component, prefixed names for different ones", async () => {
    await peer("ORDERS").behave({ document: serviceDocument("/v1/carts/{id}", SAME) });
    await peer("CATALOG").behave({
      document: serviceDocument("/v1/products", { properties: { a: { type: "string" } }, type: "object" }),
    });
    await peer("PAYMENTS").behave({ document: serviceDocument("/v1/admin/payments", { type: "string" }, "post") });
    const document = await (await call("/openapi.json")).json<Document>();
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toEqual(["/healthz", "/v1/admin/payments", "/v1/carts/{id}", "/v1/products"]);
    expect(document.components["schemas"]?.["Thing"]).toEqual(SAME);
    expect(document.components["schemas"]?.["payments_Thing"]).toEqual({ type: "string" });
    expect(JSON.stringify(document.paths["/v1/admin/payments"])).toContain('"#/components/schemas/payments_Thing"');
    expect(JSON.stringify(document.paths["/v1/carts/{id}"])).toContain('"#/components/schemas/Thing"');
    expect(document.paths["/v1/admin/payments"]?.["post"]?.security).toEqual([{ bearer: [] }]);
    expect(document.paths["/v1/admin/payments"]?.["post"]?.parameters).toEqual([
      { $ref: "#/components/parameters/IdempotencyKey" },
    ]);
    expect(document.paths["/v1/carts/{id}"]?.["get"]?.security).toEqual([
      { cartToken: [] },
      { bearer: [] },
      { oauth: ["carts:write"] },
    ]);
    expect(document.paths["/v1/products"]?.["get"]?.security).toEqual([]);
    expect(document.tags.every((tag) => tag.description.length > 0)).toBe(true);
  });
});

describe("/docs", () => {
  it("is a page that loads nothing from elsewhere, and says so to the browser", async () => {
    const response = await call("/docs");
    const html = await response.text();
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(html).toContain('<script src="/docs/standalone.js"');
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const policy = response.headers.get("content-security-policy") ?? "";
    const nonce = /nonce-([^']+)/.exec(policy)?.[1];
    expect(html).toContain(`nonce="${nonce}"`);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|unsafe-eval/);
  });

  it("has its script in this very system, kept by browsers", async () => {
    const response = await call("/docs/standalone.js");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("javascript");
    expect(response.headers.get("cache-control")).toContain("max-age=86400");
    expect((await response.text()).length).toBeGreaterThan(1_000_000);
  });

  it("shows none of the other files", async () => {
    for (const path of ["/docs/standalone.js.map", "/docs/chunks/x.js"]) expect((await call(path)).status).toBe(404);
  });
});
