/**
 * The shop's shipping and tax rates from D1, kept by the isolate for a few seconds: a warm checkout does not touch the
 * database, and a database that is away does not stop the shop.
 */
import { asc } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { ShippingRate, ShopPolicy, TaxRate } from "../../durable-objects/checkout-partition/contract.ts";
import { logger } from "../shared/telemetry.ts";
import { inSpan } from "../shared/trace.ts";
import { shippingRates, taxRates } from "./schema.ts";

/** How long another isolate may go on with the rates before a change. */
export const POLICY_TTL_MS = 10_000;

let cached: { readonly policy: ShopPolicy; readonly readAtMs: number } | undefined;

/** @throws when D1 fails and this isolate has never read the policy. */
export async function readPolicy(database: D1Database, nowMs: number): Promise<ShopPolicy> {
  if (cached !== undefined && Math.abs(nowMs - cached.readAtMs) < POLICY_TTL_MS) return cached.policy;
  try {
    const policy = await inSpan("database", "shop policy", () => loadPolicy(database));
    cached = { policy, readAtMs: nowMs };
    return policy;
  } catch (error) {
    if (cached === undefined) throw error;
    logger("orders").error("policy_read_failed", error, { age_ms: nowMs - cached.readAtMs });
    return cached.policy;
  }
}

/** The rates as they stand now, past the cache: what an operator edits. */
export async function loadPolicy(database: D1Database): Promise<ShopPolicy> {
  const db = drizzle(database);
  const [shipping, taxes] = await db.batch([
    db.select().from(shippingRates).orderBy(asc(shippingRates.position)),
    db.select().from(taxRates).orderBy(asc(taxRates.country)),
  ]);
  return {
    shippingRates: shipping.map(({ position: _, freeAbove, ...rate }) => ({ ...rate, freeAboveMinor: freeAbove })),
    taxRates: taxes,
  };
}

export async function replaceShippingRates(database: D1Database, rates: readonly ShippingRate[]): Promise<void> {
  await replaceRows(
    database,
    "DELETE FROM shipping_rates",
    `INSERT INTO shipping_rates (id, position, name, kind, countries, prices, prices_per_kilogram, free_above, estimated_days)
     SELECT value ->> 'id', key, value ->> 'name', value ->> 'kind', value -> 'countries', value -> 'prices',
            value -> 'pricesPerKilogram', value -> 'freeAboveMinor', value ->> 'estimatedDays'
     FROM json_each(?)`,
    rates,
  );
}

export async function replaceTaxRates(database: D1Database, rates: readonly TaxRate[]): Promise<void> {
  await replaceRows(
    database,
    "DELETE FROM tax_rates",
    `INSERT INTO tax_rates (country, rate_basis_points, included)
     SELECT value ->> 'country', value ->> 'rateBasisPoints', value ->> 'included' FROM json_each(?)`,
    rates,
  );
}

/** One batch, so that no shopper ever sees a half-replaced list; this isolate reads it at once. */
async function replaceRows(database: D1Database, remove: string, insert: string, rows: readonly unknown[]): Promise<void> {
  await database.batch([database.prepare(remove), database.prepare(insert).bind(JSON.stringify(rows))]);
  cached = undefined;
}
