/**
 * Opening balances in D1: importing 100,000 SKUs touches no object. Freezing comes first, handing over second: once a SKU
 * is marked opened its balance never changes again, so an import and a first buyer cannot race, and a crash between the
 * two steps is healed by the next touch, which reads the same frozen balance.
 */
import { and, asc, eq, gt, isNotNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Opening } from "../../durable-objects/sku-stock/contract.ts";
import { recordUnopened } from "../../durable-objects/sku-stock/sold-out-changes.ts";
import { inSpan } from "../shared/trace.ts";
import { DEFAULT_LOCATION, type OpeningBalance, type OpeningOutcome } from "./contract.ts";
import { openingBalances, skus } from "./schema.ts";

/** A SKU's balance and whether it was handed to its object. */
export interface StoredBalance {
  readonly opening: Opening;
  readonly frozen: boolean;
}

/** Bulk writes go through one JSON parameter: D1 takes at most 100 bound parameters a statement. */
const UPSERT_SKUS = `
  INSERT INTO skus (sku, backorderable)
  SELECT value ->> 'sku', value ->> 'backorderable' FROM json_each(?1) WHERE true
  ON CONFLICT (sku) DO UPDATE SET backorderable = excluded.backorderable WHERE opened_at_ms IS NULL`;

const UPSERT_BALANCES = `
  INSERT INTO opening_balances (sku, location, quantity)
  SELECT skus.sku, entry.value ->> 'location', entry.value ->> 'quantity'
  FROM json_each(?1) AS entry JOIN skus ON skus.sku = entry.value ->> 'sku'
  WHERE skus.opened_at_ms IS NULL
  ON CONFLICT (sku, location) DO UPDATE SET quantity = excluded.quantity`;

const SELECT_OPENED = `
  SELECT sku FROM skus
  WHERE opened_at_ms IS NOT NULL AND sku IN (SELECT value ->> 'sku' FROM json_each(?1)) ORDER BY sku`;

/** All or nothing. Balances of SKUs in use are left alone and named. */
export async function storeOpeningBalances(database: D1Database, balances: readonly OpeningBalance[]): Promise<OpeningOutcome> {
  const json = JSON.stringify(balances);
  const [, , opened] = await database.batch<{ sku: string }>([
    ...[UPSERT_SKUS, UPSERT_BALANCES, SELECT_OPENED].map((statement) => database.prepare(statement).bind(json)),
    recordUnopened(database, json),
  ]);
  return { alreadyOpened: opened?.results.map((row) => row.sku) ?? [] };
}

const FREEZE = `
  UPDATE skus SET opened_at_ms = ?2 WHERE opened_at_ms IS NULL AND sku IN (SELECT value FROM json_each(?1))`;

const SELECT_BALANCES = `
  SELECT skus.sku, backorderable, opened_at_ms, location, quantity
  FROM skus JOIN opening_balances ON opening_balances.sku = skus.sku
  WHERE skus.sku IN (SELECT value FROM json_each(?1)) ORDER BY skus.sku, location`;

type BalanceRow = { sku: string; backorderable: number; opened_at_ms: number | null; location: string; quantity: number };

/** Freezes the balances of these SKUs and reads them, in one transaction. SKUs never given a balance are absent. */
export async function freezeBalances(
  database: D1Database,
  wanted: readonly string[],
  nowMs: number,
): Promise<Map<string, Opening>> {
  const json = JSON.stringify(wanted);
  const statements = [database.prepare(FREEZE).bind(json, nowMs), database.prepare(SELECT_BALANCES).bind(json)];
  const [, balances] = await inSpan("database", "opening balances", () => database.batch<BalanceRow>(statements));
  const stored = groupBySku(balances?.results ?? []);
  return new Map([...stored].map(([sku, { opening }]) => [sku, opening]));
}

/** Reads without freezing: looking at a SKU does not open it. */
export async function readBalances(database: D1Database, wanted: readonly string[]): Promise<Map<string, StoredBalance>> {
  const { results } = await database.prepare(SELECT_BALANCES).bind(JSON.stringify(wanted)).all<BalanceRow>();
  return groupBySku(results);
}

/** SKUs whose object may exist, in order. */
export async function listTouchedSkus(database: D1Database, afterSku: string, limit: number): Promise<string[]> {
  const rows = await drizzle(database)
    .select({ sku: skus.sku })
    .from(skus)
    .where(and(isNotNull(skus.openedAtMs), gt(skus.sku, afterSku)))
    .orderBy(asc(skus.sku))
    .limit(limit);
  return rows.map((row) => row.sku);
}

const REMEMBER = `
  INSERT INTO skus (sku, backorderable, opened_at_ms) SELECT value, 0, ?2 FROM json_each(?1) WHERE TRUE
  ON CONFLICT (sku) DO UPDATE SET opened_at_ms = excluded.opened_at_ms WHERE opened_at_ms IS NULL
  RETURNING sku`;

/** A SKU without any balance counts as unknown. Its object was opened long ago and asks for none. */
const REMEMBER_BALANCES = `
  INSERT INTO opening_balances (sku, location, quantity) SELECT value, ?2, 0 FROM json_each(?1)
  WHERE value NOT IN (SELECT sku FROM opening_balances)`;

/** SKUs that have a journal were opened, whatever this database knows. @returns those that it did not know as opened */
export async function rememberTouched(database: D1Database, used: readonly string[], nowMs: number): Promise<readonly string[]> {
  const json = JSON.stringify(used);
  const [remembered] = await database.batch<{ sku: string }>([
    database.prepare(REMEMBER).bind(json, nowMs),
    database.prepare(REMEMBER_BALANCES).bind(json, DEFAULT_LOCATION),
  ]);
  return remembered?.results.map(({ sku }) => sku) ?? [];
}

/** For `/healthz`: rejects when the tables cannot be read. */
export async function checkDatabase(database: D1Database): Promise<void> {
  await drizzle(database)
    .select({ present: sql`1` })
    .from(skus)
    .innerJoin(openingBalances, eq(openingBalances.sku, skus.sku))
    .limit(1);
}

function groupBySku(rows: readonly BalanceRow[]): Map<string, StoredBalance> {
  const stored = new Map<string, StoredBalance>();
  for (const [sku, own] of Map.groupBy(rows, (row) => row.sku)) {
    stored.set(sku, {
      opening: {
        sku,
        backorderable: own[0]?.backorderable === 1,
        balances: own.map(({ location, quantity }) => ({ location, quantity })),
      },
      frozen: own[0]?.opened_at_ms != null,
    });
  }
  return stored;
}
