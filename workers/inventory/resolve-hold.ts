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
  await cancelHold(env, command.holdId, skus, context);
  return err({ code: "hold_expired", skus: failed });
}

/** An unknown SKU has nothing to release. A commit that broke off half way sold nothing: what it took is put back. */
export async function releaseHold(env: Env, command: ResolveCommand, context: CallContext): Promise<Result<null, ReleaseError>> {
  const skus = [...new Set(command.skus)].sort();
  const committed = await skusWhere(skus, async (sku) => {
    const released = await touchStock(env, sku, new Map(), (stock, opening) => stock.release(command.holdId, context, opening));
    return !released.ok && released.error.code === "already_committed";
  });
  if (committed.length > 0 && committed.length === skus.length) return err({ code: "already_committed", skus });
  await cancelHold(env, command.holdId, committed, context);
  return ok(null);
}

/** Undoes the hold of each SKU whatever became of it. */
async function cancelHold(env: Env, holdId: string, skus: readonly string[], context: CallContext): Promise<void> {
  await mapBounded(skus, STOCK_CONCURRENCY, (sku) =>
    touchStock(env, sku, new Map(), (stock, opening) => stock.cancel(holdId, context, opening)),
  );
}

async function skusWhere(skus: readonly string[], test: (sku: string) => Promise<boolean>): Promise<string[]> {
  const verdicts = await mapBounded(skus, STOCK_CONCURRENCY, test);
  return skus.filter((_, index) => verdicts[index] === true);
}
