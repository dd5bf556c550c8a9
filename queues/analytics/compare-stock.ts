/**
 * Stock tables against the journals, for the audit. An account says what its journal adds up to at one sequence; a row that
 * stands at the same sequence must say the same. SKUs that are behind are followed first. Those ahead were sold meanwhile, or
 * their object was set back in time: only who reads the journal again can tell.
 */
import type { StockAccount } from "../../workers/inventory/contract.ts";
import { compareRows, type RowDifference } from "../../workers/shared/compare-rows.ts";
import { catchUpManyAtMost, type ManyFollower } from "../../workers/shared/follow-log.ts";
import { type StockEvent, stockEventSource } from "../contracts/stock-events.ts";
import type { StockComparison } from "./contract.ts";

/** Pages that one call follows of each SKU: the caller asks again. */
const ROUNDS_MAX = 5;

interface SkuRow {
  readonly sku: string;
  readonly sequence: number;
  readonly available: number;
  readonly backordered: number;
}

interface LevelRow {
  readonly sku: string;
  readonly location: string;
  readonly onHand: number;
  readonly held: number;
}

interface MovementRow {
  readonly sku: string;
  readonly day: string;
  readonly kind: string;
  readonly movements: number;
  readonly quantity: number;
}

interface Rows {
  readonly skus: ReadonlyMap<string, SkuRow>;
  readonly levels: readonly LevelRow[];
  readonly movements: readonly MovementRow[];
}

export async function compareStock(
  db: D1Database,
  follower: ManyFollower<StockEvent>,
  accounts: readonly StockAccount[],
): Promise<StockComparison> {
  let rows = await readRows(db, accounts);
  const late = accounts.filter((account) => (rows.skus.get(account.sku)?.sequence ?? 0) < account.sequence);
  if (late.length > 0) {
    // What fails shows as behind.
    const sources = late.map((account) => stockEventSource(account.sku));
    await catchUpManyAtMost(follower, sources, ROUNDS_MAX).catch(() => undefined);
    rows = await readRows(db, accounts);
  }
  const standsAt = (account: StockAccount) => (rows.skus.get(account.sku)?.sequence ?? 0) - account.sequence;
  // A SKU that nothing ever moved has no row.
  const compared = accounts.filter((account) => account.sequence > 0 && standsAt(account) === 0);
  const skus = new Set(compared.map((account) => account.sku));
  return {
    rows: compared.reduce((sum, account) => sum + 1 + account.locations.length + account.journal.length, 0),
    differences: compareAll(compared, rows, skus),
    ahead: accounts
      .filter((account) => standsAt(account) > 0)
      .map(({ sku }) => ({ sku, sequence: rows.skus.get(sku)?.sequence ?? 0 })),
    behind: accounts.filter((account) => standsAt(account) < 0).map((account) => account.sku),
  };
}

function compareAll(accounts: readonly StockAccount[], rows: Rows, skus: ReadonlySet<string>): readonly RowDifference[] {
  const chosen = <R extends { readonly sku: string }>(all: Iterable<R>) => [...all].filter((row) => skus.has(row.sku));
  return [
    ...compareRows(
      accounts.map(({ sku, sequence, available, backordered }): SkuRow => ({ sku, sequence, available, backordered })),
      chosen(rows.skus.values()),
      (row) => row.sku,
      (row) => `stock report of ${row.sku}`,
    ),
    ...compareRows(
      // A location that nothing ever moved at has no level.
      accounts.flatMap(({ sku, locations }) =>
        locations.filter((one) => one.moved).map(({ location, onHand, held }): LevelRow => ({ sku, location, onHand, held })),
      ),
      chosen(rows.levels),
      (row) => JSON.stringify([row.sku, row.location]),
      (row) => `stock level of ${row.sku} at ${row.location}`,
    ),
    ...compareRows(
      accounts.flatMap(({ sku, journal }) => journal.map((sum): MovementRow => ({ sku, ...sum }))),
      chosen(rows.movements),
      (row) => JSON.stringify([row.sku, row.day, row.kind]),
      (row) => `movements of ${row.sku} on ${row.day}: ${row.kind}`,
    ),
  ];
}

/** At one moment. */
async function readRows(db: D1Database, accounts: readonly StockAccount[]): Promise<Rows> {
  const skus = JSON.stringify(accounts.map((account) => account.sku));
  const among = "sku IN (SELECT value FROM json_each(?))";
  const [skuRows, levels, movements] = await db.batch([
    db.prepare(`SELECT sku, sequence, available, backordered FROM stock_skus WHERE ${among}`).bind(skus),
    db.prepare(`SELECT sku, location, on_hand AS onHand, held FROM stock_levels WHERE ${among}`).bind(skus),
    db.prepare(`SELECT sku, day, kind, movements, quantity FROM stock_movements WHERE ${among}`).bind(skus),
  ]);
  return {
    skus: new Map(((skuRows?.results ?? []) as SkuRow[]).map((row) => [row.sku, row])),
    levels: (levels?.results ?? []) as LevelRow[],
    movements: (movements?.results ?? []) as MovementRow[],
  };
}

export async function listStockSkus(db: D1Database, afterSku: string, limit: number): Promise<readonly string[]> {
  const { results } = await db
    .prepare("SELECT sku FROM stock_skus WHERE sku > ? ORDER BY sku LIMIT ?")
    .bind(afterSku, limit)
    .all<{ sku: string }>();
  return results.map((row) => row.sku);
}
