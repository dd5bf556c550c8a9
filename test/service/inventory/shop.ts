/** What the inventory tests share: the service as peers and operators reach it, fresh SKUs, and a look into objects. */

import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type { SkuStock } from "../../../durable-objects/sku-stock/index.ts";
import type { InventoryApi, OpeningBalance, StockLine } from "../../../workers/inventory/contract.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";
import { type CallContext, newContext } from "../../../workers/shared/telemetry.ts";

interface TestEnv {
  readonly DATABASE: D1Database;
  readonly SKU_STOCK: DurableObjectNamespace<SkuStock>;
}

export const bindings = env as unknown as TestEnv;
export const inventory = (exports as unknown as { default: InventoryApi & Fetcher }).default;

export const CONTEXT: CallContext = {
  requestId: "test-request",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
};

export const OPERATOR: Principal = { ...GUEST, kind: "operator", scopes: ["*"] };

let counter = 0;

/** A SKU, hold id or key that no other test uses. */
export function fresh(prefix: string): string {
  counter += 1;
  return `${prefix}-${crypto.randomUUID().slice(0, 8)}-${counter}`;
}

/** A SKU with an opening balance that nobody has touched. */
export async function stocked(quantity: number, options: { backorderable?: boolean; location?: string } = {}): Promise<string> {
  const sku = fresh("SKU");
  const { backorderable = false, location = "main" } = options;
  await setBalances({ sku, location, quantity, backorderable });
  return sku;
}

export async function setBalances(...balances: OpeningBalance[]) {
  return await inventory.setOpeningBalances(balances, CONTEXT);
}

export function inMinutes(minutes: number): number {
  return Date.now() + minutes * 60_000;
}

export async function hold(holdId: string, lines: StockLine[], expiresAtMs = inMinutes(15)) {
  return await inventory.hold({ holdId, lines, expiresAtMs }, CONTEXT);
}

/** One unit for each, unless said otherwise; every hold has a trace of its own. */
export async function holdTogether(sku: string, holds: readonly (readonly [holdId: string, quantity: number])[]) {
  const expiresAtMs = inMinutes(15);
  const answer = await inventory.holdTogether({
    sku,
    holds: holds.map(([holdId, quantity]) => ({ holdId, quantity, expiresAtMs, context: newContext() })),
  });
  return answer.ok ? [...answer.value] : [];
}

export async function commit(holdId: string, ...skus: string[]) {
  return await inventory.commit({ holdId, skus }, CONTEXT);
}

export async function release(holdId: string, ...skus: string[]) {
  return await inventory.release({ holdId, skus }, CONTEXT);
}

export async function available(sku: string): Promise<number> {
  const answer = await inventory.availability([sku], CONTEXT);
  return answer.ok ? (answer.value[0]?.available ?? -1) : -1;
}

export function stub(sku: string): DurableObjectStub<SkuStock> {
  return bindings.SKU_STOCK.getByName(sku);
}

/** SQL into the object's own tables. */
export async function query<R extends Record<string, SqlStorageValue>>(sku: string, sql: string): Promise<R[]> {
  return await runInDurableObject(stub(sku), (_object: SkuStock, state) => state.storage.sql.exec<R>(sql).toArray());
}

/** Balances, owed units and invariant I1 of one SKU, from its own books. */
export async function books(sku: string) {
  const account = await inventory.readAccount(sku);
  const total = (pick: (location: (typeof account.locations)[number]) => number) =>
    account.locations.reduce((sum, location) => sum + pick(location), 0);
  return {
    onHand: total((location) => location.onHand),
    held: total((location) => location.held),
    journalOnHand: total((location) => location.journalOnHand),
    backordered: account.backordered,
    gapless: account.gapless,
    holds: Object.fromEntries(account.holds.map((entry) => [entry.holdId, entry.state])),
    resolutionsMax: Math.max(0, ...account.holds.map((entry) => entry.resolutions)),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers of every shape
type Json = any;

export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

export async function call(
  method: string,
  path: string,
  options: { body?: unknown; key?: string; principal?: Principal; rawBody?: string } = {},
): Promise<Answer> {
  const headers = new Headers({ [PRINCIPAL_HEADER]: encodePrincipal(options.principal ?? OPERATOR) });
  if (options.key !== undefined) headers.set("idempotency-key", options.key);
  const body = options.rawBody ?? (options.body === undefined ? null : JSON.stringify(options.body));
  if (body !== null) headers.set("content-type", "application/json");
  const response = await inventory.fetch(`https://inventory.test${path}`, { method, headers, body });
  return { status: response.status, body: await response.json(), headers: response.headers };
}
