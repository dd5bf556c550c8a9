/** The inventory service: RPC for peers, HTTP for shoppers and operators. Parses every input, then one use case per file. */
import { WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import { SkuStock } from "../../durable-objects/sku-stock/index.ts";
import { readSoldOutChanges } from "../../durable-objects/sku-stock/sold-out-changes.ts";
import type { StockEvent } from "../../queues/contracts/stock-events.ts";
import { systemClock } from "../shared/clock.ts";
import { ok, type Result } from "../shared/result.ts";
import { type CallContext, checkContext } from "../shared/telemetry.ts";
import { traceMethods } from "../shared/trace.ts";
import { callStock } from "./call-stock.ts";
import {
  type Availability,
  type CommitError,
  EventCursor,
  HoldCommand,
  type HoldOutcome,
  HoldTogetherCommand,
  type InventoryApi,
  LINES_MAX,
  OPENING_BALANCES_MAX,
  OpeningBalance,
  type OpeningOutcome,
  type ReleaseError,
  ResolveCommand,
  RestockCommand,
  SKUS_READ_MAX,
  Sku,
  type SkuEvents,
  type SoldOutChange,
  type StockAccount,
} from "./contract.ts";
import type { Env } from "./env.ts";
import { holdCart } from "./hold-cart.ts";
import { holdTogether } from "./hold-together.ts";
import { listTouchedSkus, rememberTouched, storeOpeningBalances } from "./opening-balances.ts";
import { readAvailability } from "./read-availability.ts";
import { readAccounts, readEventsOf } from "./read-many.ts";
import { readStockAccount } from "./read-stock.ts";
import { commitHold, releaseHold } from "./resolve-hold.ts";
import { restockLines } from "./restock-lines.ts";
import { app } from "./routes.ts";

/** Rows of one page for followers and auditors: far below the platform's 32 MiB an answer. */
const PAGE_ROWS_MAX = 1_000;
const PageRows = z.int().min(1).max(PAGE_ROWS_MAX);

export default class Inventory extends WorkerEntrypoint<Env> implements InventoryApi {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }

  async hold(command: HoldCommand, context: CallContext): Promise<HoldOutcome> {
    return await holdCart(this.env, HoldCommand.parse(command), checkContext(context));
  }

  async holdTogether(command: HoldTogetherCommand): Promise<Result<readonly HoldOutcome[], never>> {
    return ok(await holdTogether(this.env, HoldTogetherCommand.parse(command)));
  }

  async commit(command: ResolveCommand, context: CallContext): Promise<Result<null, CommitError>> {
    return await commitHold(this.env, ResolveCommand.parse(command), checkContext(context));
  }

  async release(command: ResolveCommand, context: CallContext): Promise<Result<null, ReleaseError>> {
    return await releaseHold(this.env, ResolveCommand.parse(command), checkContext(context));
  }

  async restock(
    command: RestockCommand,
    context: CallContext,
  ): Promise<Result<null, { readonly code: "unknown_sku"; readonly skus: readonly string[] }>> {
    return await restockLines(this.env, RestockCommand.parse(command), checkContext(context));
  }

  async setOpeningBalances(balances: readonly OpeningBalance[], _context: CallContext): Promise<Result<OpeningOutcome, never>> {
    const parsed = z.array(OpeningBalance).max(OPENING_BALANCES_MAX).parse(balances);
    return ok(parsed.length === 0 ? { alreadyOpened: [] } : await storeOpeningBalances(this.env.DATABASE, parsed));
  }

  async availability(skus: readonly string[], _context: CallContext): Promise<Result<readonly Availability[], never>> {
    return ok(await readAvailability(this.env, z.array(Sku).max(LINES_MAX).parse(skus)));
  }

  async readSoldOutChanges(afterRevision: number, limit: number): Promise<readonly SoldOutChange[]> {
    return await readSoldOutChanges(this.env.DATABASE, z.int().min(0).parse(afterRevision), PageRows.parse(limit));
  }

  async readEvents(sku: string, afterSequence: number, limit: number): Promise<readonly StockEvent[]> {
    const after = z.int().min(0).parse(afterSequence);
    const rows = PageRows.parse(limit);
    return await callStock(this.env.SKU_STOCK, Sku.parse(sku), (stock) => stock.readEvents(after, rows));
  }

  async listTouchedSkus(afterSku: string, limit: number): Promise<readonly string[]> {
    return await listTouchedSkus(this.env.DATABASE, z.string().max(64).parse(afterSku), PageRows.parse(limit));
  }

  async rememberTouched(skus: readonly string[]): Promise<readonly string[]> {
    return await rememberTouched(this.env.DATABASE, z.array(Sku).max(SKUS_READ_MAX).parse(skus), systemClock.now());
  }

  async readAccount(sku: string): Promise<StockAccount> {
    return await readStockAccount(this.env, Sku.parse(sku));
  }

  async readAccounts(skus: readonly string[]): Promise<readonly StockAccount[]> {
    return await readAccounts(this.env, z.array(Sku).max(SKUS_READ_MAX).parse(skus));
  }

  async readEventsOf(cursors: readonly EventCursor[], limit: number): Promise<readonly SkuEvents[]> {
    return await readEventsOf(this.env, z.array(EventCursor).max(SKUS_READ_MAX).parse(cursors), PageRows.parse(limit));
  }
}

traceMethods(Inventory, "inventory", "service");
traceMethods(SkuStock, "sku-stock", "object");

export { SkuStock } from "../../durable-objects/sku-stock/index.ts";
