/** Analytics: sales and stock reports. Follows the order and stock logs; every figure can be rebuilt from them. */
import { env as bindings, WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import type { StockAccount } from "../../workers/inventory/contract.ts";
import { systemClock } from "../../workers/shared/clock.ts";
import { HISTORIES_EVENTS_MAX } from "../../workers/shared/compare-with-log.ts";
import { integerVariable, parseConfiguration } from "../../workers/shared/configuration.ts";
import { consumeWakeUps } from "../../workers/shared/consume-wake-ups.ts";
import { listCursors } from "../../workers/shared/d1-follower.ts";
import { followMany } from "../../workers/shared/follow-log.ts";
import { erasedOf, Person } from "../../workers/shared/privacy.ts";
import { advanceRebuild, readRebuild } from "../../workers/shared/rebuild-projection.ts";
import { logger, newContext } from "../../workers/shared/telemetry.ts";
import { ORDER_SOURCE_PREFIX, OrderEvent, OrderWakeUp } from "../contracts/order-events.ts";
import { StockWakeUp } from "../contracts/stock-events.ts";
import { catchUpWithAll, catchUpWithSome } from "./catch-up.ts";
import { compareSales, listFactOrders, readSalesRows } from "./compare-sales.ts";
import { compareStock, listStockSkus } from "./compare-stock.ts";
import { type AnalyticsApi, SALES_TABLES, type SalesKey, type SalesTable } from "./contract.ts";
import type { Env } from "./env.ts";
import { exportPerson } from "./export-person.ts";
import { orderFollower } from "./follow-orders.ts";
import { stockFollower } from "./follow-stock.ts";
import { salesProjection, stockProjection } from "./projections.ts";
import { readAllSalesTotals, readStockLevels } from "./read-reports.ts";
import { reportRoutes } from "./routes.ts";

const STOCK_QUEUE_PREFIX = "stock-events-";
/** Rows of one page for auditors. */
const PAGE_ROWS_MAX = 1_000;
const Histories = z.array(OrderEvent).max(HISTORIES_EVENTS_MAX);
const Table = z.enum(SALES_TABLES);
const Key = z.tuple([z.string(), z.string(), z.string()]);

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
    const givingUp = { deadLetters: this.env.DEAD_LETTERS, log: logger("analytics", newContext()) };
    if (batch.queue.startsWith(STOCK_QUEUE_PREFIX)) {
      await consumeWakeUps(batch, { wakeUp: StockWakeUp, follow: (sources) => followMany(stock, sources), ...givingUp });
    } else {
      await consumeWakeUps(batch, { wakeUp: OrderWakeUp, follow: (sources) => followMany(orders, sources), ...givingUp });
    }
  }

  /** What every message about it missed. */
  override async scheduled(): Promise<void> {
    await catchUpWithSome(this.env, followersOf(this.env));
  }

  async salesTotals() {
    return await readAllSalesTotals(this.env.DATABASE);
  }

  async listStockLevels(afterSku: string, limit: number) {
    return await readStockLevels(this.env.DATABASE, afterSku, Math.min(limit, PAGE_ROWS_MAX));
  }

  async readSales(table: SalesTable, after: SalesKey, limit: number) {
    return await readSalesRows(this.env.DATABASE, Table.parse(table), Key.parse(after), Math.min(limit, PAGE_ROWS_MAX));
  }

  async compareWithLog(histories: readonly OrderEvent[]) {
    return await compareSales(this.env.DATABASE, followersOf(this.env).orders, Histories.parse(histories));
  }

  async listFactOrders(afterOrderId: string, limit: number) {
    return await listFactOrders(this.env.DATABASE, afterOrderId, Math.min(limit, PAGE_ROWS_MAX));
  }

  async compareStock(accounts: readonly StockAccount[]) {
    return await compareStock(this.env.DATABASE, followersOf(this.env).stock, accounts);
  }

  async listStockSkus(afterSku: string, limit: number) {
    return await listStockSkus(this.env.DATABASE, afterSku, Math.min(limit, PAGE_ROWS_MAX));
  }

  async listCursors() {
    return await listCursors(this.env.DATABASE, ORDER_SOURCE_PREFIX);
  }

  async listProjections() {
    return [await readRebuild(salesProjection(this.env)), await readRebuild(this.#stockProjection())];
  }

  async rebuildProjection(name: string) {
    const nowMs = systemClock.now();
    if (name === "sales") return await advanceRebuild(salesProjection(this.env), nowMs);
    return name === "stock" ? await advanceRebuild(this.#stockProjection(), nowMs) : null;
  }

  #stockProjection() {
    return stockProjection(this.env, configuration.LOW_STOCK_THRESHOLD);
  }

  async catchUp(): Promise<number> {
    return await catchUpWithAll(this.env, followersOf(this.env));
  }

  async exportPerson(person: Person) {
    return await exportPerson(this.env.DATABASE, Person.parse(person));
  }

  /** A sale stays a sale: its facts are by order and country, and name nobody. */
  async erasePerson() {
    return erasedOf({});
  }
}
