/** One large CSV import through the public API: how many SKUs a second, and what it takes of workerd's memory. */
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { residentMb } from "./process-usage.ts";
import type { Shop } from "./shop.ts";

const DEADLINE_MS = 300_000;
const POLL_INTERVAL_MS = 250;
/** Sizes and colours of one product. */
const SIZES = ["S", "M", "L", "XL"];
const HEADER =
  "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Image Src,Status";

export interface ImportResult {
  readonly skus: number;
  readonly seconds: number;
  /** Before, highest meanwhile, afterwards. */
  readonly memoryMb: readonly [before: number, highest: number, after: number];
}

interface Status {
  readonly status: string;
  readonly accepted: number;
  readonly refused_count: number;
  readonly refused: readonly { readonly row: number; readonly code: string; readonly message: string }[];
}

export async function importCatalogue(shop: Shop, rows: number): Promise<ImportResult> {
  const body = catalogueCsv(rows);
  const before = residentMb();
  let highest = before;
  const startedAt = performance.now();
  const { id } = await shop.client.admin<{ id: string }>("POST", "/v1/admin/imports", {
    headers: { "content-type": "text/csv" },
    body,
  });
  for (;;) {
    const run = await shop.client.admin<Status>("GET", `/v1/admin/imports/${id}`);
    highest = Math.max(highest, residentMb());
    const seconds = (performance.now() - startedAt) / 1000;
    if (run.refused_count > 0) throw new Error(`rows of the bench's own file were refused: ${JSON.stringify(run.refused[0])}`);
    if (run.status === "completed") {
      return { skus: run.accepted, seconds, memoryMb: [before, highest, residentMb()] };
    }
    if (run.status === "failed" || seconds * 1000 > DEADLINE_MS) throw new Error(`the import ended as ${JSON.stringify(run)}`);
    await delay(POLL_INTERVAL_MS);
  }
}

/** Half of the rows are products with one variant, half are the variants of products with four. About 200 bytes a row. */
function catalogueCsv(rows: number): string {
  const lines = [HEADER];
  for (let product = 0; lines.length <= rows; product++) {
    const handle = `import-${product}`;
    const title = `Import product ${product} in oiled canvas`;
    const text = `"<p>Number ${product} of a long list. Made to be packed, carried, rained on and worn again.</p>"`;
    const shared = `${handle},${title},${text},Harbour Works,type-${product % 40},"canvas, group-${product % 100}"`;
    const rest = `250,25,${(product % 90) + 10}.99`;
    const image = `https://pictures.example/${handle}.jpg,active`;
    if (product % 5 !== 0) lines.push(`${shared},,,IMP-${product},${rest},${image}`);
    else {
      for (const [index, size] of SIZES.entries()) {
        const own = index === 0 ? `${shared},Size` : `${handle},,,,,,`;
        lines.push(`${own},${size},IMP-${product}-${size},${rest},${index === 0 ? image : ","}`);
      }
    }
  }
  return `${lines.slice(0, rows + 1).join("\n")}\n`;
}
