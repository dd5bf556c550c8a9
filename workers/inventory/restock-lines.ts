/** Puts returned units of a sale back on the shelf, once per reference and SKU. */
import { mapBounded } from "../shared/map-bounded.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { type CallContext, logger } from "../shared/telemetry.ts";
import type { RestockCommand } from "./contract.ts";
import type { Env } from "./env.ts";
import { sumLines } from "./sum-lines.ts";
import { readOpenings, STOCK_CONCURRENCY, touchStock } from "./touch-stock.ts";

type Restocked = Result<null, { readonly code: "unknown_sku"; readonly skus: readonly string[] }>;

export async function restockLines(env: Env, command: RestockCommand, context: CallContext): Promise<Restocked> {
  const lines = sumLines(command.lines);
  const { openings, unknown } = await readOpenings(
    env,
    lines.map((line) => line.sku),
  );
  if (unknown.length > 0) return err({ code: "unknown_sku", skus: unknown });
  const results = await mapBounded(lines, STOCK_CONCURRENCY, ({ sku, quantity }) => {
    const restock = { key: command.reference, holdId: command.holdId, quantity, location: null, reference: null };
    return touchStock(env, sku, openings, (stock, opening) => stock.restock(restock, context, opening));
  });
  const absent: string[] = [];
  for (const [index, result] of results.entries()) {
    const sku = lines[index]?.sku ?? "";
    if (result.ok) continue;
    // The reference restocks a SKU once: the first quantity stands.
    if (result.error.code === "reused") logger("inventory", context).warn("restock_repeated_differently", { sku });
    else absent.push(sku);
  }
  return absent.length === 0 ? ok(null) : err({ code: "unknown_sku", skus: absent });
}
