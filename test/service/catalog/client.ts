/** Talks to the catalogue as the gateway does, with a verified principal, and to the fake inventory behind it. */
import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import type { CatalogApi } from "../../../workers/catalog/contract.ts";
import type { Env } from "../../../workers/catalog/env.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";
import type { FakeInventoryApi } from "./fakes/inventory.ts";

export const bindings = env as unknown as Env;
export const inventory = bindings.INVENTORY as unknown as FakeInventoryApi;
export const catalog = (exports as unknown as { default: CatalogApi & Fetcher }).default;
export const CONTEXT = { requestId: "test-request", traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-00` };
export const OPERATOR: Principal = { ...GUEST, kind: "operator", scopes: ["*"] };

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
export type Json = any;

export async function call(path: string, init: RequestInit = {}, principal = GUEST): Promise<Answer<Json>> {
  const headers = new Headers(init.headers);
  headers.set(PRINCIPAL_HEADER, encodePrincipal(principal));
  const response = await catalog.fetch(`https://catalog.test${path}`, { ...init, headers });
  const text = await response.text();
  const json = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

export function get(path: string): Promise<Answer<Json>> {
  return call(path);
}

export function admin(method: string, path: string, body?: unknown): Promise<Answer<Json>> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  return call(path, { method, ...json }, OPERATOR);
}

let counter = 0;
/** Unique in this file's run. */
export function fresh(prefix: string): string {
  return `${prefix}-${Date.now().toString(36)}${(counter++).toString(36)}`;
}

export function gbp(amountMinor: number) {
  return { amount_minor: amountMinor, currency: "GBP" };
}

export interface ProductWish {
  readonly title?: string;
  readonly sku?: string;
  readonly [field: string]: unknown;
}

/** Creates a product with one variant. */
export async function product({ title = "Candle", sku = fresh("SKU"), ...rest }: ProductWish = {}): Promise<Json> {
  const variants = [{ sku, prices: [gbp(1999)], inventory_quantity: 5 }];
  const made = await admin("POST", "/v1/admin/products", { title, handle: fresh("p"), variants, ...rest });
  if (made.status !== 201) throw new Error(`${made.status} ${JSON.stringify(made.body)}`);
  return made.body;
}

export function upload(file: string | Uint8Array | ReadableStream, type = "text/csv", headers: Record<string, string> = {}) {
  const init = { method: "POST", body: file as BodyInit, headers: { "content-type": type, ...headers }, duplex: "half" };
  return call("/v1/admin/imports", init as RequestInit, OPERATOR);
}

export async function ended(id: string): Promise<Json> {
  return await vi.waitFor(
    async () => {
      const { body } = await admin("GET", `/v1/admin/imports/${id}`);
      if (body.status !== "completed" && body.status !== "failed") throw new Error(`still ${body.status} ${body.progress}`);
      return body;
    },
    { timeout: 25_000, interval: 50 },
  );
}

export async function imported(file: string | Uint8Array, type?: string): Promise<Json> {
  const accepted = await upload(file, type);
  if (accepted.status !== 202) throw new Error(`${accepted.status} ${JSON.stringify(accepted.body)}`);
  return await ended(accepted.body.id);
}

export async function exported(query = ""): Promise<string> {
  return (await call(`/v1/admin/exports/products.csv${query}`, {}, OPERATOR)).body;
}
