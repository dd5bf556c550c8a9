/** Compares what the shop says it sold with what the file says: money to the penny, stock to the unit, mails, and the audit. */
import { setTimeout as delay } from "node:timers/promises";
import { skuOf } from "./derive-catalogue.ts";
import type { Invoice } from "./read-invoices.ts";
import type { ShopClient } from "./shop-client.ts";

export interface Finding {
  readonly title: string;
  readonly holds: boolean;
  readonly detail: string;
}

export interface SalesFigures {
  readonly orders: number;
  readonly units: number;
  readonly grossMinor: number;
}

interface SalesReport {
  readonly items: readonly {
    readonly orders: number;
    readonly units: number;
    readonly gross: { readonly amount_minor: number; readonly currency: string };
  }[];
}

interface AuditReport {
  readonly invariants: readonly {
    readonly id: string;
    readonly title: string;
    readonly holds: boolean;
    readonly checked: number;
    readonly violations: readonly unknown[];
  }[];
}

const SETTLE_DEADLINE_MS = 120_000;
const POLL_INTERVAL_MS = 500;
const SKUS_PER_CALL = 50;

/** Everything the shop ever sold in pounds, from its sales report. */
export async function salesFigures(client: ShopClient): Promise<SalesFigures> {
  const day = 86_400_000;
  const range = `from=${isoDay(Date.now() - 365 * day)}&to=${isoDay(Date.now() + day)}`;
  const report = await client.admin<SalesReport>("GET", `/v1/admin/reports/sales?${range}&group_by=day&currency=GBP`);
  const pounds = report.items.filter((item) => item.gross.currency === "GBP");
  return {
    orders: sum(pounds.map((item) => item.orders)),
    units: sum(pounds.map((item) => item.units)),
    grossMinor: sum(pounds.map((item) => item.gross.amount_minor)),
  };
}

/** Units that can be sold now, per SKU. */
export async function availableUnits(client: ShopClient, skus: readonly string[]): Promise<Map<string, number>> {
  const units = new Map<string, number>();
  for (let start = 0; start < skus.length; start += SKUS_PER_CALL) {
    const query = skus.slice(start, start + SKUS_PER_CALL).map((sku) => `sku=${encodeURIComponent(sku)}`);
    const answer = await client.admin<{ items: { sku: string; available: number }[] }>(
      "GET",
      `/v1/availability?${query.join("&")}`,
    );
    for (const item of answer.items) units.set(item.sku, item.available);
  }
  return units;
}

export function expectedFigures(sold: readonly Invoice[]): SalesFigures {
  const lines = sold.flatMap((invoice) => invoice.lines);
  return {
    orders: sold.length,
    units: sum(lines.map((line) => line.quantity)),
    grossMinor: sum(lines.map((line) => line.quantity * line.unitPriceMinor)),
  };
}

/** Polls the report until it has caught up: mails and projections follow the orders within seconds. */
export async function verifyMoney(client: ShopClient, before: SalesFigures, expected: SalesFigures): Promise<Finding> {
  const deadline = Date.now() + SETTLE_DEADLINE_MS;
  for (;;) {
    const now = await salesFigures(client);
    const orders = now.orders - before.orders;
    const units = now.units - before.units;
    const grossMinor = now.grossMinor - before.grossMinor;
    const holds = orders === expected.orders && units === expected.units && grossMinor === expected.grossMinor;
    if (holds || Date.now() > deadline) {
      return {
        title: "Sales report agrees with the file",
        holds,
        detail: `report: ${orders} orders, ${units} units, £${pounds(grossMinor)} · file: ${expected.orders} orders, ${expected.units} units, £${pounds(expected.grossMinor)}`,
      };
    }
    await delay(POLL_INTERVAL_MS);
  }
}

export async function verifyStock(
  client: ShopClient,
  before: ReadonlyMap<string, number>,
  sold: readonly Invoice[],
): Promise<Finding> {
  const soldUnits = new Map<string, number>();
  for (const line of sold.flatMap((invoice) => invoice.lines))
    soldUnits.set(skuOf(line), (soldUnits.get(skuOf(line)) ?? 0) + line.quantity);
  const after = await availableUnits(client, [...before.keys()]);
  const wrong = [...before].filter(([sku, units]) => after.get(sku) !== units - (soldUnits.get(sku) ?? 0));
  return {
    title: "Stock agrees with the file",
    holds: wrong.length === 0,
    detail:
      wrong.length === 0
        ? `${before.size} SKUs, every unit accounted for`
        : `${wrong.length} SKUs differ, first: ${wrong[0]?.[0]}`,
  };
}

export async function verifyAudit(client: ShopClient): Promise<Finding[]> {
  const audit = await finishedAudit(client);
  return audit.invariants.map((invariant) => ({
    title: `${invariant.id} ${invariant.title}`,
    holds: invariant.holds,
    detail: invariant.holds ? `${invariant.checked} checked` : JSON.stringify(invariant.violations.slice(0, 3)),
  }));
}

/** A large shop's audit takes longer than a request. */
async function finishedAudit(client: ShopClient): Promise<AuditReport> {
  type Answer = AuditReport | { readonly run_id: string; readonly invariants?: undefined };
  let answer = await client.admin<Answer>("GET", "/v1/admin/audit");
  while (answer.invariants === undefined) {
    const { run_id: runId } = answer as { readonly run_id: string };
    answer = await client.admin<Answer>("GET", `/v1/admin/audit/runs/${runId}`);
  }
  return answer;
}

export function pounds(amountMinor: number): string {
  return (amountMinor / 100).toFixed(2);
}

function isoDay(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
