/** Follows every log to its end: a new consumer from zero, an audit, or after lost messages. */
import { SKUS_READ_MAX } from "../../workers/inventory/contract.ts";
import { catchUpMany, type ManyFollower } from "../../workers/shared/follow-log.ts";
import type { OrderEvent } from "../contracts/order-events.ts";
import { type StockEvent, stockEventSource } from "../contracts/stock-events.ts";
import type { Env } from "./env.ts";

export interface Followers {
  readonly orders: ManyFollower<OrderEvent>;
  readonly stock: ManyFollower<StockEvent>;
}

/** @returns events applied */
export async function catchUpWithAll(env: Pick<Env, "ORDERS" | "INVENTORY">, followers: Followers): Promise<number> {
  const orderSources = await env.ORDERS.listSources();
  let applied = await catchUpMany(followers.orders, orderSources);
  let afterSku = "";
  for (;;) {
    const skus = await env.INVENTORY.listTouchedSkus(afterSku, SKUS_READ_MAX);
    const last = skus.at(-1);
    if (last === undefined) return applied;
    applied += await catchUpMany(followers.stock, skus.map(stockEventSource));
    afterSku = last;
  }
}
