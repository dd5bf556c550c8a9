/** Gets the derived catalogue into the shop, and enough stock to sell the chosen invoices once more. */
import { setTimeout as delay } from "node:timers/promises";
import { progressBar } from "../lib/progress.ts";
import { catalogueCsv, type DerivedProduct, skuOf } from "./derive-catalogue.ts";
import type { Invoice } from "./read-invoices.ts";
import type { ShopClient } from "./shop-client.ts";
import { availableUnits } from "./verify-sales.ts";

const IMPORT_DEADLINE_MS = 10 * 60_000;
const POLL_INTERVAL_MS = 250;
const RECEIPTS_IN_FLIGHT = 16;

export interface ImportStatus {
  readonly id: string;
  readonly status: string;
  readonly rows: number;
  readonly products: number;
  readonly accepted: number;
  readonly refused: readonly { readonly row: number; readonly code: string; readonly message: string }[];
  readonly progress: number;
}

export async function importCatalogue(client: ShopClient, products: readonly DerivedProduct[]): Promise<ImportStatus> {
  const rows = products.reduce((total, product) => total + product.variants.length, 0);
  const { id } = await client.admin<{ id: string }>("POST", "/v1/admin/imports", {
    headers: { "content-type": "text/csv" },
    body: [...catalogueCsv(products)].join(""),
  });
  const bar = progressBar("Importing", rows);
  const deadline = Date.now() + IMPORT_DEADLINE_MS;
  for (;;) {
    const status = await client.admin<ImportStatus>("GET", `/v1/admin/imports/${id}`);
    bar.update(Math.round(status.progress * rows), `${status.accepted} accepted, ${status.refused.length} refused`);
    if (status.status === "completed") {
      bar.end();
      return status;
    }
    if (status.status === "failed" || Date.now() > deadline) throw new Error(`the catalogue's import ${id} is ${status.status}`);
    await delay(POLL_INTERVAL_MS);
  }
}

/** Receives what is missing, so that a second replay on the same shop finds stock again. @returns available units per SKU. */
export async function ensureStock(client: ShopClient, run: string, invoices: readonly Invoice[]): Promise<Map<string, number>> {
  const needed = new Map<string, number>();
  for (const line of invoices.flatMap((invoice) => invoice.lines))
    needed.set(skuOf(line), (needed.get(skuOf(line)) ?? 0) + line.quantity);
  const available = await availableUnits(client, [...needed.keys()]);
  const short = [...needed].filter(([sku, units]) => (available.get(sku) ?? 0) < units);
  let next = 0;
  async function receive(): Promise<void> {
    for (let entry = short[next++]; entry !== undefined; entry = short[next++]) {
      const [sku, units] = entry;
      const quantity = units - (available.get(sku) ?? 0);
      await client.admin("POST", `/v1/admin/stock/${encodeURIComponent(sku)}/receipts`, {
        headers: { "idempotency-key": `replay-${run}-${encodeURIComponent(sku)}` },
        body: { quantity, reference: `replay ${run}` },
      });
      available.set(sku, units);
    }
  }
  await Promise.all(Array.from({ length: RECEIPTS_IN_FLIGHT }, receive));
  return available;
}
