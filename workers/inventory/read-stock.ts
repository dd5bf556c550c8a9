/** What operators and auditors read of one SKU. Reading never opens a SKU: untouched ones are shown from their balance. */
import type { Movement, StockReport } from "../../durable-objects/sku-stock/contract.ts";
import { callStock } from "./call-stock.ts";
import type { StockAccount } from "./contract.ts";
import type { Env } from "./env.ts";
import { readBalances, type StoredBalance } from "./opening-balances.ts";
import { isKnownOpened } from "./touch-stock.ts";

/** Movements shown with the stock; the rest is paged. */
export const REPORT_MOVEMENTS_MAX = 50;

/** Undefined when the SKU was never given a balance. */
export async function readStock(env: Env, sku: string): Promise<StockReport | undefined> {
  const stored = isKnownOpened(sku) ? undefined : (await readBalances(env.DATABASE, [sku])).get(sku);
  if (stored === undefined && !isKnownOpened(sku)) return undefined;
  if (stored?.frozen !== false) {
    const report = await callStock(env.SKU_STOCK, sku, (stock) => stock.readReport(REPORT_MOVEMENTS_MAX));
    if (report.ok) return report.value;
  }
  const balance = stored ?? (await readBalances(env.DATABASE, [sku])).get(sku);
  return balance === undefined ? undefined : untouched(balance);
}

/** Newest first, older than `beforeSequence`; undefined when the SKU was never given a balance. */
export async function readMovements(
  env: Env,
  sku: string,
  beforeSequence: number,
  limit: number,
): Promise<readonly Movement[] | undefined> {
  const stored = (await readBalances(env.DATABASE, [sku])).get(sku);
  if (stored === undefined) return undefined;
  return stored.frozen ? await callStock(env.SKU_STOCK, sku, (stock) => stock.listMovements(beforeSequence, limit)) : [];
}

/** The books of a SKU that nobody used are empty. */
export async function readStockAccount(env: Env, sku: string): Promise<StockAccount> {
  const account = await callStock(env.SKU_STOCK, sku, (stock) => stock.readAccount());
  if (account.ok) return account.value;
  return { sku, sequence: 0, locations: [], backordered: 0, available: 0, movedAtMs: 0, journal: [], holds: [], gapless: true };
}

function untouched({ opening }: StoredBalance): StockReport {
  const onHand = opening.balances.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    onHand,
    held: 0,
    available: onHand,
    backordered: 0,
    backorderable: opening.backorderable,
    locations: opening.balances.map(({ location, quantity }) => ({ location, onHand: quantity, held: 0 })),
    movements: [],
  };
}
