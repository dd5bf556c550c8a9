/** Holds one SKU for several carts with one call to its object. Each is answered as if it had come alone. */
import { err } from "../shared/result.ts";
import type { HoldOutcome, HoldTogetherCommand } from "./contract.ts";
import type { Env } from "./env.ts";
import { decideCart } from "./hold-cart.ts";
import { readOpenings, touchStock } from "./touch-stock.ts";

/** @returns one outcome for each hold, in their order */
export async function holdTogether(env: Env, { sku, holds }: HoldTogetherCommand): Promise<readonly HoldOutcome[]> {
  const { openings, unknown } = await readOpenings(env, [sku]);
  const answer =
    unknown.length > 0
      ? err({ code: "unknown_sku" as const })
      : await touchStock(env, sku, openings, (stock, opening) => stock.holdTogether(holds, opening));
  return holds.map(({ quantity, expiresAtMs }, index) => {
    const result = answer.ok ? answer.value[index] : answer;
    if (result === undefined) throw new Error("a stock object left a hold unanswered");
    // A cart of one line: there is nothing to give back.
    return decideCart([{ line: { sku, quantity }, result }], expiresAtMs).result;
  });
}
