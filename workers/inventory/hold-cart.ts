/**
 * Holds a whole cart, all or nothing. Every SKU is asked at once; when one refuses, what the others gave is released
 * before the answer. Idempotent by hold id. Pure decision + thin fan-out.
 */
import type { HoldStockError, Unopened } from "../../durable-objects/sku-stock/contract.ts";
import { mapBounded } from "../shared/map-bounded.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";
import type { HoldCommand, HoldOutcome, StockLine } from "./contract.ts";
import type { Env } from "./env.ts";
import { sumLines } from "./sum-lines.ts";
import { readOpenings, STOCK_CONCURRENCY, touchStock, type UnknownSku } from "./touch-stock.ts";

export type LineError = Exclude<HoldStockError, Unopened> | UnknownSku;

export interface LineOutcome {
  readonly line: StockLine;
  readonly result: Result<{ readonly expiresAtMs: number }, LineError>;
}

export interface CartDecision {
  readonly result: HoldOutcome;
  /** SKUs to release before answering. */
  readonly release: readonly string[];
}

export async function holdCart(env: Env, command: HoldCommand, context: CallContext): Promise<HoldOutcome> {
  const lines = sumLines(command.lines);
  const { openings, unknown } = await readOpenings(
    env,
    lines.map((line) => line.sku),
  );
  if (unknown.length > 0) return err({ code: "unknown_sku", skus: unknown });
  const outcomes = await mapBounded(lines, STOCK_CONCURRENCY, async (line): Promise<LineOutcome> => {
    const { holdId, expiresAtMs } = command;
    const hold = { holdId, quantity: line.quantity, expiresAtMs };
    return { line, result: await touchStock(env, line.sku, openings, (stock, opening) => stock.hold(hold, context, opening)) };
  });
  const decision = decideCart(outcomes, command.expiresAtMs);
  await mapBounded(decision.release, STOCK_CONCURRENCY, (sku) =>
    touchStock(env, sku, openings, (stock, opening) => stock.release(command.holdId, context, opening)),
  );
  return decision.result;
}

/**
 * What the cart gets. A shortage or an unknown SKU frees everything. So does an id that was resolved before, except when
 * it was sold or belongs to other quantities: then an earlier attempt may be in the middle of its commit and keeps it all.
 */
export function decideCart(outcomes: readonly LineOutcome[], wantedExpiresAtMs: number): CartDecision {
  const held: string[] = [];
  const failures: { readonly line: StockLine; readonly error: LineError }[] = [];
  let expiresAtMs = wantedExpiresAtMs;
  for (const { line, result } of outcomes) {
    if (result.ok) {
      held.push(line.sku);
      expiresAtMs = Math.min(expiresAtMs, result.value.expiresAtMs);
    } else failures.push({ line, error: result.error });
  }
  if (failures.length === 0) return { result: ok({ expiresAtMs }), release: [] };
  const unknown = failures.filter(({ error }) => error.code === "unknown_sku").map(({ line }) => line.sku);
  if (unknown.length > 0) return { result: err({ code: "unknown_sku", skus: unknown }), release: held };
  const shortages = failures.flatMap(({ line, error }) =>
    error.code === "short" ? [{ sku: line.sku, requested: line.quantity, available: error.available }] : [],
  );
  if (shortages.length > 0) return { result: err({ code: "out_of_stock", shortages }), release: held };
  const inUse = failures.some(({ error }) => error.code === "already_committed" || error.code === "reused");
  return {
    result: err({ code: "hold_resolved", skus: failures.map(({ line }) => line.sku) }),
    release: inUse ? [] : held,
  };
}
