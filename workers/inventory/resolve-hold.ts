/** Commits or releases a cart's hold. A commit that cannot be whole is undone: nothing of the cart stays sold. */
import { mapBounded } from "../shared/map-bounded.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";
import { callStock } from "./call-stock.ts";
import type { CommitError, ReleaseError, ResolveCommand } from "./contract.ts";
import type { Env } from "./env.ts";
import { STOCK_CONCURRENCY, touchStock } from "./touch-stock.ts";

/** A SKU whose object was never opened holds nothing, so there is no need to ask D1 about it. */
export async function commitHold(env: Env, command: ResolveCommand, context: CallContext): Promise<Result<null, CommitError>> {
  const skus = [...new Set(command.skus)].sort();
  const failed = await skusWhere(
    skus,
    async (sku) => !(await callStock(env.SKU_STOCK, sku, (stock) => stock.commit(command.holdId, context))).ok,
  );
  if (failed.length === 0) return ok(null);
  await mapBounded(skus, STOCK_CONCURRENCY, (sku) =>
    touchStock(env, sku, new Map(), (stock, opening) => stock.cancel(command.holdId, context, opening)),
  );
  return err({ code: "hold_expired", skus: failed });
}

/** An unknown SKU has nothing to release. */
export async function releaseHold(env: Env, command: ResolveCommand, context: CallContext): Promise<Result<null, ReleaseError>> {
  const committed = await skusWhere([...new Set(command.skus)].sort(), async (sku) => {
    const released = await touchStock(env, sku, new Map(), (stock, opening) => stock.release(command.holdId, context, opening));
    return !released.ok && released.error.code === "already_committed";
  });
  return committed.length === 0 ? ok(null) : err({ code: "already_committed", skus: committed });
}

async function skusWhere(skus: readonly string[], test: (sku: string) => Promise<boolean>): Promise<string[]> {
  const verdicts = await mapBounded(skus, STOCK_CONCURRENCY, test);
  return skus.filter((_, index) => verdicts[index] === true);
}
