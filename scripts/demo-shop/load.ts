/**
 * Fills an empty catalogue with the demo shop through the calls that operators use: pictures, a product import, and the
 * categories' own words. A shop that has products is left alone.
 */
import { CATEGORIES } from "./assortment.ts";
import { categoryPicture, pictureUrl } from "./picture-keys.ts";
import { pictureKeys, uploadPictures } from "./pictures.ts";
import { demoShopCsv } from "./products.ts";
import { request } from "./request.ts";
import { slug } from "./slug.ts";

const IMPORT_DEADLINE_MS = 60_000;
const POLL_INTERVAL_MS = 100;

interface ImportStatus {
  readonly status: string;
  readonly products: number;
  readonly accepted: number;
  readonly refused: readonly { readonly row: number; readonly message: string }[];
}

/** @returns what was done, for the progress line. */
export async function loadDemoShop(url: string, adminKey: string): Promise<string> {
  const headers = { authorization: `Bearer ${adminKey}` };
  const existing = await request<{ items: unknown[] }>(`${url}/v1/admin/products?limit=1`, { headers });
  if (existing.items.length > 0) return "kept the products that are there";
  const [uploaded, result] = await Promise.all([uploadPictures(url, adminKey), importProducts(url, adminKey)]);
  await describeCategories(url, adminKey);
  return `${result.products} products, ${result.accepted} variants, ${uploaded} pictures`;
}

async function importProducts(url: string, adminKey: string): Promise<ImportStatus> {
  const { id } = await request<{ id: string }>(`${url}/v1/admin/imports`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "text/csv" },
    body: demoShopCsv(new Set(pictureKeys())),
  });
  const result = await waitForImport(url, adminKey, id);
  if (result.refused.length === 0) return result;
  throw new Error(`the demo shop's own rows were refused: ${JSON.stringify(result.refused.slice(0, 3))}`);
}

/** The import makes the categories; their order, picture and words are not in a product CSV. */
async function describeCategories(url: string, adminKey: string): Promise<void> {
  for (const [index, { title, description }] of CATEGORIES.entries()) {
    await request(`${url}/v1/admin/categories/${slug(title)}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
      body: JSON.stringify({ position: index + 1, image: pictureUrl(categoryPicture(title)), description }),
    });
  }
}

async function waitForImport(url: string, adminKey: string, id: string): Promise<ImportStatus> {
  const deadline = Date.now() + IMPORT_DEADLINE_MS;
  for (;;) {
    const status = await request<ImportStatus>(`${url}/v1/admin/imports/${id}`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    if (status.status === "completed") return status;
    if (status.status === "failed" || Date.now() > deadline) throw new Error(`the demo shop's import is ${status.status}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}
