/**
 * One call to one SKU's object. A stub is broken after any error, so every try takes a fresh one; only what the runtime
 * calls retryable is tried again, and never an overloaded object. Every command is idempotent, so a repeat is safe.
 */
import type { SkuStockApi } from "../../durable-objects/sku-stock/contract.ts";
import { inSpan, isTraced } from "../shared/trace.ts";
import type { StockObjects } from "./env.ts";

const RETRIES_MAX = 3;
const RETRY_DELAY_MS = 15;

/** @throws what the runtime throws when the object cannot be reached: the effect may or may not have happened. */
export async function callStock<T extends object>(
  objects: StockObjects,
  sku: string,
  call: (stock: SkuStockApi) => Promise<T>,
): Promise<T> {
  if (isTraced()) return await inSpan("rpc", "sku-stock", () => callUntilAnswered(objects, sku, call));
  return await callUntilAnswered(objects, sku, call);
}

async function callUntilAnswered<T extends object>(
  objects: StockObjects,
  sku: string,
  call: (stock: SkuStockApi) => Promise<T>,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return detach(await call(objects.getByName(sku)));
    } catch (error) {
      if (failures >= RETRIES_MAX || !isRetryable(error)) throw error;
      await scheduler.wait(RETRY_DELAY_MS * 2 ** failures * (0.5 + Math.random()));
    }
  }
}

function isRetryable(error: unknown): boolean {
  const { retryable, overloaded } = error as { readonly retryable?: boolean; readonly overloaded?: boolean };
  return retryable === true && overloaded !== true;
}

/** A copy without the RPC disposer; the original is disposed, so that memory stays flat. */
function detach<T extends object>(answer: T): T {
  const copy = (Array.isArray(answer) ? [...answer] : { ...answer }) as T;
  (answer as Partial<Disposable>)[Symbol.dispose]?.();
  return copy;
}
