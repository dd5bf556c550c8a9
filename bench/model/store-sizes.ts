/** How large each service's databases and objects are, read from copies of their files. */
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { MeasuredCosts } from "./costs.ts";

/** Bytes in use by the folder that the files of one database or class of objects are in. */
export type StoreSizes = ReadonlyMap<string, number>;

/** Followers' databases grow with orders; the others with what is sold and who has an account. */
const DATABASES = ["orders", "payments", "analytics", "notifications"] as const;

export async function readSizes(stateDirectory: string): Promise<StoreSizes> {
  const copy = await mkdtemp(join(tmpdir(), "holdfast-sizes-"));
  try {
    // With their logs, which hold what is not in the files yet.
    await cp(stateDirectory, copy, { recursive: true });
    const sizes = new Map<string, number>();
    for (const file of await readdir(copy, { recursive: true })) {
      if (!file.endsWith(".sqlite") || file.endsWith("metadata.sqlite")) continue;
      const store = storeOf(join(copy, file), file);
      sizes.set(store, (sizes.get(store) ?? 0) + usedBytes(join(copy, file)));
    }
    return sizes;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** What every order added. */
export function growthPerOrder(before: StoreSizes, after: StoreSizes, orders: number): MeasuredCosts["bytesPerOrder"] {
  const growth = (store: string) => Math.max(0, ((after.get(store) ?? 0) - (before.get(store) ?? 0)) / Math.max(1, orders));
  return {
    partitions: growth("partitions"),
    stock: growth("stock"),
    databases: Object.fromEntries(DATABASES.map((database) => [database, growth(database)])),
  };
}

/** Objects are filed by their class, databases by a hash: those are known by a table that only they have. */
function storeOf(path: string, file: string): string {
  if (file.includes("CheckoutPartition")) return "partitions";
  if (file.includes("SkuStock")) return "stock";
  const tables = new Set(read(path, "SELECT name AS value FROM sqlite_master WHERE type = 'table'"));
  if (tables.has("shipping_rates")) return "orders";
  if (tables.has("ledger_entries")) return "payments";
  if (tables.has("push_subscriptions")) return "notifications";
  return tables.has("product_sales") ? "analytics" : "others";
}

function usedBytes(path: string): number {
  const [size = 0] = read(path, "SELECT page_size AS value FROM pragma_page_size");
  const [pages = 0] = read(path, "SELECT page_count AS value FROM pragma_page_count");
  const [free = 0] = read(path, "SELECT freelist_count AS value FROM pragma_freelist_count");
  return Number(size) * (Number(pages) - Number(free));
}

function read(path: string, query: string): readonly (string | number)[] {
  const database = new DatabaseSync(path);
  try {
    return database
      .prepare(query)
      .all()
      .map((row) => row["value"] as string | number);
  } finally {
    database.close();
  }
}
