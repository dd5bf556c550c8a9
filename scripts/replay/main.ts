/**
 * `npm run replay -- FILE [--invoices N] [--concurrency C] [--url URL]`: sells the real invoices of a file against a running
 * system as guest checkouts, then audits stock and money against the file. Exits 1 when anything disagrees.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seconds, step } from "../lib/progress.ts";
import { readArguments } from "../lib/read-arguments.ts";
import { DEV_VARS, ensureSecrets } from "../lib/secrets.ts";
import { readSettings } from "../lib/settings.ts";
import { deriveCatalogue, quote } from "./derive-catalogue.ts";
import { placeOrders, type SaleRun } from "./place-orders.ts";
import { readCsvFile } from "./read-csv-file.ts";
import { groupInvoices, INVOICE_COLUMNS, type Invoices } from "./read-invoices.ts";
import { ShopClient } from "./shop-client.ts";
import { ensureStock, importCatalogue } from "./stock-shop.ts";
import { expectedFigures, type Finding, salesFigures, verifyAudit, verifyMoney, verifyStock } from "./verify-sales.ts";

const USAGE = `usage: npm run replay -- FILE [options]

  FILE               CSV or CSV.gz with the columns ${INVOICE_COLUMNS.join(", ")}
  --invoices N       how many invoices to sell, from the first on (default: all)
  --concurrency C    buyers at the same time (default: 8)
  --url URL          the running shop (default: http://localhost:8787)
  --admin-key KEY    default: ADMIN_API_KEY of the environment, else of .dev.vars
`;

interface Options {
  readonly file: string;
  readonly invoices: number;
  readonly concurrency: number;
  readonly url: string;
  readonly adminKey: string;
}

function readOptions(): Options {
  const { values, positionals } = readArguments(USAGE, {
    allowPositionals: true,
    options: {
      invoices: { type: "string" },
      concurrency: { type: "string", default: "8" },
      url: { type: "string", default: readSettings().url },
      "admin-key": { type: "string" },
    },
  });
  const file = positionals[0];
  if (file === undefined || positionals.length > 1) throw new Error(USAGE);
  if (!existsSync(file)) throw new Error(`There is no file ${file}.\n\n${USAGE}`);
  const adminKey = values["admin-key"] ?? process.env["ADMIN_API_KEY"] ?? ensureSecrets().values["ADMIN_API_KEY"] ?? "";
  return {
    file,
    invoices: values.invoices === undefined ? Number.MAX_SAFE_INTEGER : positive("--invoices", values.invoices),
    concurrency: positive("--concurrency", values.concurrency),
    url: values.url,
    adminKey,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`${name} must be a positive whole number, not "${text}".\n\n${USAGE}`);
  return value;
}

/** Every refused row with its reason, in a file; a count per reason on the screen. */
function reportRefusedRows(read: Invoices): void {
  if (read.refused.length === 0) return;
  const directory = readSettings().stateDirectory;
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "replay-refused-rows.csv");
  const rows = read.refused.map((row) =>
    [String(row.row), row.invoice, row.stockCode, row.reason, row.detail].map(quote).join(","),
  );
  writeFileSync(file, `row,invoice,stock_code,reason,detail\n${rows.join("\n")}\n`);
  const counts = new Map<string, number>();
  for (const row of read.refused) counts.set(row.reason, (counts.get(row.reason) ?? 0) + 1);
  const summary = [...counts].sort((left, right) => right[1] - left[1]).map(([reason, count]) => `${reason} ${count}`);
  console.log(`    ${read.refused.length} rows refused: ${summary.join(", ")}\n    each with its reason in ${file}`);
}

function percentile(ascending: readonly number[], share: number): string {
  const value = ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))];
  return value === undefined ? "–" : `${Math.round(value)} ms`;
}

function reportSales(run: SaleRun, retries: number): void {
  const rate = run.sold.length / (run.elapsedMs / 1000);
  console.log(`
  Orders placed   ${run.sold.length} in ${seconds(run.elapsedMs)} (${rate.toFixed(1)} orders/s)
  Whole purchase  p50 ${percentile(run.purchaseMs, 0.5)}, p99 ${percentile(run.purchaseMs, 0.99)} (five requests)
  Checkout        p50 ${percentile(run.checkoutMs, 0.5)}, p99 ${percentile(run.checkoutMs, 0.99)}
  Refused         ${[...run.refused.values()].reduce((total, entry) => total + entry.count, 0)}${retries > 0 ? ` · ${retries} requests repeated` : ""}`);
  for (const [reason, entry] of run.refused) console.log(`    ${entry.count} × ${reason} (${entry.example})`);
}

function reportFindings(findings: readonly Finding[]): boolean {
  console.log("\n  Audit");
  for (const finding of findings) console.log(`    ${finding.holds ? "✓" : "✗"} ${finding.title}: ${finding.detail}`);
  return findings.every((finding) => finding.holds);
}

async function main(): Promise<void> {
  const options = readOptions();
  const client = new ShopClient(options.url, options.adminKey);
  const run = randomBytes(4).toString("hex");
  console.log(`Holdfast · replay of ${options.file} against ${options.url} (run ${run})`);
  await client.admin("GET", "/v1/admin/products?limit=1").catch((error: unknown) => {
    throw new Error(
      `The shop at ${options.url} does not let us in (${String(error)}). Is it running? The key is in ${DEV_VARS}.`,
    );
  });
  const read = await step(
    "Invoices read",
    async () => groupInvoices(await readCsvFile(options.file, INVOICE_COLUMNS)),
    (found) => `${found.rows} rows, ${found.invoices.length} invoices to sell`,
  );
  reportRefusedRows(read);
  const chosen = read.invoices.slice(0, options.invoices);
  const imported = await importCatalogue(client, deriveCatalogue(read.invoices));
  console.log(
    `    ${imported.products} products, ${imported.accepted} variants, ${imported.refused.length} rows refused by the import`,
  );
  for (const row of imported.refused.slice(0, 20)) console.log(`    row ${row.row}: ${row.code}: ${row.message}`);
  const stockBefore = await step(
    "Stock",
    () => ensureStock(client, run, chosen),
    (units) => `${units.size} SKUs`,
  );
  const before = await salesFigures(client);
  const sales = await placeOrders(client, run, chosen, options.concurrency);
  reportSales(sales, client.retries);
  const money = await step("Projections caught up", () => verifyMoney(client, before, expectedFigures(sales.sold)));
  const clean = reportFindings([money, await verifyStock(client, stockBefore, sales.sold), ...(await verifyAudit(client))]);
  if (!clean) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
