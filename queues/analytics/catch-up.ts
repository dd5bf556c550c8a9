/** Follows logs to their end: all of them for an audit or a new consumer, a share of them on schedule, after lost messages. */
import { SKUS_READ_MAX } from "../../workers/inventory/contract.ts";
import { guarded, release } from "../../workers/shared/call-peer.ts";
import { catchUpMany, type ManyFollower } from "../../workers/shared/follow-log.ts";
import type { OrderEvent } from "../contracts/order-events.ts";
import { type StockEvent, stockEventSource } from "../contracts/stock-events.ts";
import type { Env } from "./env.ts";

export interface Followers {
  readonly orders: ManyFollower<OrderEvent>;
  readonly stock: ManyFollower<StockEvent>;
}

type Owners = Pick<Env, "ORDERS" | "INVENTORY">;

const LIST_POLICY = { deadlineMs: 10_000, retries: 2 } as const;

/** @returns events applied */
export async function catchUpWithAll(env: Owners, followers: Followers): Promise<number> {
  let applied = await catchUpWithOrders(env, followers);
  let afterSku = "";
  for (;;) {
    const skus = await touchedSkus(env, afterSku);
    const last = skus.at(-1);
    if (last === undefined) return applied;
    applied += await catchUpMany(followers.stock, skus.map(stockEventSource));
    afterSku = last;
  }
}

/**
 * What the schedule does: all order logs, which are few, and the next `SKUS_READ_MAX` stock logs, going round; each of those
 * wakes an object. What fails in one part holds up no other. @throws AggregateError when any part failed
 */
export async function catchUpWithSome(env: Owners & Pick<Env, "DATABASE">, followers: Followers): Promise<void> {
  const outcomes = await Promise.allSettled([catchUpWithOrders(env, followers), sweepStock(env, followers)]);
  const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("; "));
}

async function catchUpWithOrders(env: Owners, followers: Followers): Promise<number> {
  const sources = await guarded({ ...LIST_POLICY, service: "orders" }, async () => release(await env.ORDERS.listSources()));
  return await catchUpMany(followers.orders, sources);
}

async function sweepStock(env: Owners & Pick<Env, "DATABASE">, followers: Followers): Promise<void> {
  const row = await env.DATABASE.prepare("SELECT after_sku AS afterSku FROM stock_sweep").first<{ afterSku: string }>();
  const skus = await touchedSkus(env, row?.afterSku ?? "");
  const next = skus.length < SKUS_READ_MAX ? "" : (skus.at(-1) ?? "");
  // Moved on first: a log that cannot be followed must not keep the sweep at its place.
  await env.DATABASE.prepare(MOVE_SWEEP).bind(next).run();
  await catchUpMany(followers.stock, skus.map(stockEventSource));
}

async function touchedSkus(env: Owners, afterSku: string): Promise<readonly string[]> {
  return await guarded({ ...LIST_POLICY, service: "inventory" }, async () =>
    release(await env.INVENTORY.listTouchedSkus(afterSku, SKUS_READ_MAX)),
  );
}

const MOVE_SWEEP = `
  INSERT INTO stock_sweep (id, after_sku) VALUES (1, ?)
  ON CONFLICT (id) DO UPDATE SET after_sku = excluded.after_sku`;
