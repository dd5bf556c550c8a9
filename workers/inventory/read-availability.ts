/** How many units can be held now. SKUs that nobody used are answered from D1 and no object is made for them. */
import { mapBounded } from "../shared/map-bounded.ts";
import { callStock } from "./call-stock.ts";
import type { Availability } from "./contract.ts";
import type { Env } from "./env.ts";
import { readBalances, type StoredBalance } from "./opening-balances.ts";
import { isKnownOpened, rememberOpened, STOCK_CONCURRENCY } from "./touch-stock.ts";

/** In the order asked, each SKU once. */
export async function readAvailability(env: Env, skus: readonly string[]): Promise<Availability[]> {
  const wanted = [...new Set(skus)];
  const cold = wanted.filter((sku) => !isKnownOpened(sku));
  const stored = cold.length === 0 ? new Map<string, StoredBalance>() : await readBalances(env.DATABASE, cold);
  return await mapBounded(wanted, STOCK_CONCURRENCY, async (sku) => {
    const balance = stored.get(sku);
    if (balance === undefined && !isKnownOpened(sku)) return balanceLevel(sku, undefined);
    const level = balance?.frozen === false ? undefined : await readLevel(env, sku);
    return level ?? balanceLevel(sku, balance ?? (await readBalances(env.DATABASE, [sku])).get(sku));
  });
}

/** Undefined when the object was frozen for but never opened: the frozen balance is still the truth. */
async function readLevel(env: Env, sku: string): Promise<Availability | undefined> {
  const level = await callStock(env.SKU_STOCK, sku, (stock) => stock.readLevel());
  if (!level.ok) return undefined;
  rememberOpened(sku);
  return { sku, available: level.value.available, backorderable: level.value.backorderable, known: true };
}

function balanceLevel(sku: string, balance: StoredBalance | undefined): Availability {
  if (balance === undefined) return { sku, available: 0, backorderable: false, known: false };
  const available = balance.opening.balances.reduce((sum, { quantity }) => sum + quantity, 0);
  return { sku, available, backorderable: balance.opening.backorderable, known: true };
}
