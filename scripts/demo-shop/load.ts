/** Fills an empty catalogue with the demo shop through the same import that operators use. */
import { demoShopCsv } from "./products.ts";

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
  const { id } = await request<{ id: string }>(`${url}/v1/admin/imports`, {
    method: "POST",
    headers: { ...headers, "content-type": "text/csv" },
    body: demoShopCsv(),
  });
  const result = await waitForImport(url, adminKey, id);
  if (result.refused.length > 0)
    throw new Error(`the demo shop's own rows were refused: ${JSON.stringify(result.refused.slice(0, 3))}`);
  return `${result.products} products, ${result.accepted} variants`;
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

async function request<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? "GET"} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}
