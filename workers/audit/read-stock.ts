/** Reads the books of every touched SKU, many in one call, and compares them with what analytics knows. */
import { SKUS_READ_MAX, type StockAccount } from "../inventory/contract.ts";
import { checkLevels, checkStock, type StockLevel } from "./check-stock.ts";
import type { Env } from "./env.ts";
import type { Findings } from "./findings.ts";
import { addDigest, lineDigest } from "./line-digest.ts";
import { ask, readPages, SMALL_ROWS } from "./read-pages.ts";

type StockEnv = Pick<Env, "INVENTORY" | "ANALYTICS">;

/** @returns digest of what all SKUs together committed, by hold id */
export async function readStock(env: StockEnv, findings: Findings): Promise<ReadonlyMap<string, number>> {
  const committed = new Map<string, number>();
  const levels = await readStockLevels(env);
  const pages = readPages(
    "inventory",
    (after, limit) => env.INVENTORY.listTouchedSkus(after, limit),
    (sku) => sku,
    SKUS_READ_MAX,
  );
  for await (const skus of pages) {
    for await (const accounts of readAccounts(env, skus)) {
      for (const account of accounts) {
        checkAccount(account, levels.get(account.sku) ?? [], findings);
        addCommitted(committed, account);
      }
    }
  }
  return committed;
}

/** An answer may end early: what is left out is asked for again. */
async function* readAccounts(env: StockEnv, skus: readonly string[]): AsyncGenerator<readonly StockAccount[]> {
  for (let read = 0; read < skus.length; ) {
    const accounts = await ask("inventory", () => env.INVENTORY.readAccounts(skus.slice(read)));
    if (accounts.length === 0) throw new Error(`inventory gives no account of ${skus[read]}`);
    yield accounts;
    read += accounts.length;
  }
}

function checkAccount(account: StockAccount, levels: readonly StockLevel[], findings: Findings): void {
  findings.checked("I1", account.locations.length);
  findings.checked("I2", account.holds.length);
  findings.checked("I10", account.sequence);
  findings.checked("I12", account.locations.length);
  findings.add(checkStock(account));
  findings.add(checkLevels(account, levels));
}

function addCommitted(committed: Map<string, number>, account: StockAccount): void {
  for (const hold of account.holds) {
    if (hold.state !== "committed") continue;
    const digest = lineDigest(account.sku, hold.quantity);
    committed.set(hold.holdId, addDigest(committed.get(hold.holdId) ?? 0, digest));
  }
}

async function readStockLevels(env: StockEnv): Promise<ReadonlyMap<string, readonly StockLevel[]>> {
  const levels = new Map<string, StockLevel[]>();
  const pages = readPages<StockLevel>(
    "analytics",
    (after, limit) => env.ANALYTICS.listStockLevels(after, limit),
    (level) => level.sku,
    SMALL_ROWS,
  );
  for await (const page of pages) {
    for (const level of page) levels.set(level.sku, [...(levels.get(level.sku) ?? []), level]);
  }
  return levels;
}
