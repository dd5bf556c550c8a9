/** The books of every SKU that was ever touched, many in one call, and what analytics keeps of them. */
import type { StockComparison } from "../../queues/analytics/contract.ts";
import { SKUS_READ_MAX, type StockAccount } from "../../workers/inventory/contract.ts";
import { checkStock } from "./check-stock.ts";
import { orderOfHold } from "./committed-holds.ts";
import { beyondTheEnd, type Finding } from "./finding.ts";
import type { RunStore } from "./run-store.ts";
import type { Phase, StepContext } from "./step.ts";

interface StockCursor {
  readonly afterSku: string;
  /** Listed, and not read yet. */
  readonly waiting: readonly string[];
  /** The listing has come to its end. */
  readonly isListed: boolean;
  readonly read: number;
}

/** A SKU that is sold faster than it can be compared is left to the next audit. */
const COMPARED_TIMES_MAX = 3;

export const readStock: Phase<StockCursor> = {
  name: "stock",
  looksUp: false,
  async step(run, cursor) {
    const { store, owners, asker } = run;
    const before = cursor ?? { afterSku: "", waiting: [], isListed: false, read: 0 };
    const listed =
      before.waiting.length > 0 || before.isListed
        ? before.waiting
        : await asker.ask("inventory", () => owners.INVENTORY.listTouchedSkus(before.afterSku, SKUS_READ_MAX));
    const first = listed[0];
    if (first === undefined) return { next: null, done: before.read, of: before.read, write: () => undefined };
    const { accounts, comparisons, setBack } = await readAndCompare(run, listed);
    const waiting = listed.slice(accounts.length);
    const isListed = before.isListed || (before.waiting.length === 0 && listed.length < SKUS_READ_MAX);
    const read = before.read + accounts.length;
    return {
      next: isListed && waiting.length === 0 ? null : { afterSku: listed.at(-1) ?? first, waiting, isListed, read },
      done: read,
      of: isListed ? read + waiting.length : null,
      write: () => {
        for (const account of accounts) storeAccount(store, account);
        for (const comparison of comparisons) storeComparison(store, comparison);
        store.report(setBack);
      },
    };
  },
};

/** An answer may end early: what is left out is read by the next step. */
async function readAndCompare(run: StepContext, skus: readonly string[]) {
  const { owners, asker } = run;
  const accounts = await asker.ask("inventory", () => owners.INVENTORY.readAccounts(skus));
  if (accounts.length === 0) throw new Error(`inventory gives no account of ${skus[0]}`);
  const comparisons: StockComparison[] = [];
  const setBack: Finding[] = [];
  let compared = accounts;
  for (let times = 1; compared.length > 0; times++) {
    const asked = compared;
    const comparison = await asker.ask("analytics", () => owners.ANALYTICS.compareStock(asked));
    const again = times < COMPARED_TIMES_MAX ? [...comparison.ahead.map(({ sku }) => sku), ...comparison.behind] : [];
    comparisons.push(again.length > 0 ? { ...comparison, behind: [] } : comparison);
    compared = again.length === 0 ? [] : await asker.ask("inventory", () => owners.INVENTORY.readAccounts(again));
    setBack.push(...findSetBack(comparison.ahead, compared));
  }
  return { accounts, comparisons, setBack };
}

/** Journals only grow: one that ends before where its follower stood when it was read again was set back. */
function findSetBack(ahead: StockComparison["ahead"], readAgain: readonly StockAccount[]): readonly Finding[] {
  const ends = new Map(readAgain.map(({ sku, sequence }) => [sku, sequence]));
  return ahead.flatMap(({ sku, sequence }): Finding[] => {
    const end = ends.get(sku);
    return end === undefined || end >= sequence ? [] : [beyondTheEnd(sku, "analytics", sequence, end)];
  });
}

function storeAccount(store: RunStore, account: StockAccount): void {
  store.report(checkStock(account));
  store.checked("I1", account.locations.length);
  store.checked("I2", account.holds.length);
  store.checked("I10", account.sequence);
  store.writeRows("INSERT OR IGNORE INTO skus (sku) SELECT value FROM json_each(?)", [account.sku]);
  storeCommitted(store, account);
}

/** Replaces nothing: a hold that was committed stays so. */
export function storeCommitted(store: RunStore, account: StockAccount): void {
  store.writeRows(
    `INSERT OR REPLACE INTO committed (order_id, hold_id, sku, quantity)
     SELECT value ->> 'orderId', value ->> 'holdId', value ->> 'sku', value ->> 'quantity' FROM json_each(?)`,
    account.holds
      .filter((hold) => hold.state === "committed")
      .map(({ holdId, quantity }) => ({ orderId: orderOfHold(holdId), holdId, sku: account.sku, quantity })),
  );
}

function storeComparison(store: RunStore, { rows, differences, behind }: StockComparison): void {
  store.checked("I12", rows);
  store.report([
    ...differences.map(({ subject, detail }): Finding => ({ invariant: "I12", subject, detail })),
    ...behind.map((sku): Finding => ({ invariant: "I6", subject: sku, detail: "its movements do not reach analytics" })),
  ]);
}
