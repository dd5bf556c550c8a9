/**
 * One day of a wholesaler's invoices through the public API, as `npm run replay` sells them, and its verdict at the end: the
 * sales report agrees with the invoices to the penny, and the stock to the unit.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { deriveCatalogue } from "../../scripts/replay/derive-catalogue.ts";
import { placeOrders, type SaleRun } from "../../scripts/replay/place-orders.ts";
import { readCsvFile } from "../../scripts/replay/read-csv-file.ts";
import { groupInvoices, INVOICE_COLUMNS } from "../../scripts/replay/read-invoices.ts";
import type { ShopClient } from "../../scripts/replay/shop-client.ts";
import { ensureStock, importCatalogue } from "../../scripts/replay/stock-shop.ts";
import {
  expectedFigures,
  type Finding,
  type SalesFigures,
  salesFigures,
  verifyMoney,
  verifyStock,
} from "../../scripts/replay/verify-sales.ts";
import { busiestDay, type Day } from "../busiest-day.ts";
import { percentile } from "../measure.ts";
import type { Outcome, Scenario } from "../scenario.ts";
import { BUSY_DAY, syntheticDay } from "../synthetic-day.ts";

const BUYERS = 16;
/** Followers of what was sold before are done when the report has not moved for so long. */
const SETTLED_MS = 2_500;

async function readDay(file: string | null): Promise<Day> {
  if (file !== null) return busiestDay(await readCsvFile(file, INVOICE_COLUMNS));
  return { date: "a made-up day", invoices: groupInvoices(syntheticDay(BUSY_DAY)).invoices };
}

async function settledFigures(client: ShopClient): Promise<SalesFigures> {
  for (let before = await salesFigures(client); ; ) {
    await delay(SETTLED_MS);
    const now = await salesFigures(client);
    if (now.orders === before.orders) return now;
    before = now;
  }
}

function outcomeOf({ date, invoices }: Day, sales: SaleRun, findings: readonly Finding[]): Outcome {
  const { sold, refused, purchaseMs, checkoutMs, elapsedMs } = sales;
  const lines = invoices.reduce((sum, invoice) => sum + invoice.lines.length, 0);
  const refusals = [...refused].map(([reason, { count }]) => `${count} × ${reason}`);
  const wrong = findings.filter(({ holds }) => !holds).map(({ detail }) => detail);
  const verdict = wrong.length === 0 ? ["money and stock agree with the invoices"] : wrong;
  return {
    measurement: {
      perSecond: sold.length / (elapsedMs / 1000),
      p50Ms: percentile(purchaseMs, 0.5),
      p99Ms: percentile(purchaseMs, 0.99),
      failures: invoices.length - sold.length + wrong.length,
    },
    note: [
      `${date}: ${invoices.length} invoices of ${lines.toLocaleString("en")} lines, 6 requests an order`,
      `checkout alone ${percentile(checkoutMs, 0.5).toFixed(0)} ms, p99 ${percentile(checkoutMs, 0.99).toFixed(0)} ms`,
      ...refusals,
      ...verdict,
    ].join("; "),
  };
}

export const day: Scenario = {
  title: "A wholesaler's day",
  unit: "orders",
  reference: "singleWrite",
  bar: null,
  rounds: "last",
  quick: false,
  async run({ client }, { dayFile }) {
    const today = await readDay(dayFile);
    const run = randomBytes(4).toString("hex");
    const imported = await importCatalogue(client, deriveCatalogue(today.invoices));
    if (imported.refused.length > 0) throw new Error(`the day's catalogue: ${JSON.stringify(imported.refused[0])}`);
    const stockBefore = await ensureStock(client, run, today.invoices);
    const before = await settledFigures(client);
    const sales = await placeOrders(client, run, today.invoices, BUYERS);
    const money = await verifyMoney(client, before, expectedFigures(sales.sold));
    return outcomeOf(today, sales, [money, await verifyStock(client, stockBefore, sales.sold)]);
  },
};
