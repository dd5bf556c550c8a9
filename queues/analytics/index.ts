/** Analytics: sales and stock reports. Follows the order and stock logs; every figure can be rebuilt from them. */
import { env as bindings, WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import { integerVariable, parseConfiguration } from "../../workers/shared/configuration.ts";
import { consumeWakeUps } from "../../workers/shared/consume-wake-ups.ts";
import { followMany } from "../../workers/shared/follow-log.ts";
import { logger, newContext } from "../../workers/shared/telemetry.ts";
import { OrderWakeUp } from "../contracts/order-events.ts";
import { StockWakeUp } from "../contracts/stock-events.ts";
import { catchUpWithAll } from "./catch-up.ts";
import type { AnalyticsApi, SalesTotal } from "./contract.ts";
import type { Env } from "./env.ts";
import { orderFollower } from "./follow-orders.ts";
import { stockFollower } from "./follow-stock.ts";
import { readAllSalesTotals, readStockLevels } from "./read-reports.ts";
import { reportRoutes } from "./routes.ts";

const STOCK_QUEUE_PREFIX = "stock-events-";
const STOCK_LEVELS_MAX = 1_000;

const configuration = parseConfiguration("analytics", z.object({ LOW_STOCK_THRESHOLD: integerVariable(0, 1_000_000) }), bindings);

const app = reportRoutes({ lowStockThreshold: configuration.LOW_STOCK_THRESHOLD });

function followersOf(env: Env) {
  return {
    orders: orderFollower({ database: env.DATABASE, orders: env.ORDERS }),
    stock: stockFollower({
      database: env.DATABASE,
      inventory: env.INVENTORY,
      lowStockThreshold: configuration.LOW_STOCK_THRESHOLD,
    }),
  };
}

export default class Analytics extends WorkerEntrypoint<Env> implements AnalyticsApi {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }

  override async queue(batch: MessageBatch): Promise<void> {
    const { orders, stock } = followersOf(this.env);
    const log = logger("analytics", newContext());
    if (batch.queue.startsWith(STOCK_QUEUE_PREFIX)) {
      await consumeWakeUps(batch, { wakeUp: StockWakeUp, follow: (sources) => followMany(stock, sources), log });
    } else {
      await consumeWakeUps(batch, { wakeUp: OrderWakeUp, follow: (sources) => followMany(orders, sources), log });
    }
  }

  async salesTotals(): Promise<readonly SalesTotal[]> {
    return await readAllSalesTotals(this.env.DATABASE);
  }

  async listStockLevels(afterSku: string, limit: number) {
    return await readStockLevels(this.env.DATABASE, afterSku, Math.min(limit, STOCK_LEVELS_MAX));
  }

  async catchUp(): Promise<number> {
    return await catchUpWithAll(this.env, followersOf(this.env));
  }
}
