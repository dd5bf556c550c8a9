/** The whole system with the demo shop in it, and operators' means to change what shoppers see. */
import { randomUUID } from "node:crypto";
import { loadDemoShop } from "../../scripts/demo-shop/load.ts";
import { TEST_SECRETS } from "../secrets.ts";
import { startSystem, type TestSystem } from "../system/serve-system.ts";
import type { ShopAddress } from "../system/shop.ts";

export async function serveDemoShop(): Promise<TestSystem> {
  const system = await startSystem({}, { hostname: "localhost" });
  try {
    await loadDemoShop(system.url, system.adminKey);
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
}

async function operate(shop: ShopAddress, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(shop.url + path, {
    method,
    headers: {
      authorization: `Bearer ${shop.adminKey}`,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} answers ${response.status}: ${await response.text()}`);
  return await response.json();
}

export interface ExtraProduct {
  readonly path: string;
  readonly sku: string;
  /** Sets the price in every currency of the test. */
  readonly setPrice: (amountMinor: number) => Promise<void>;
}

interface ProductAnswer {
  readonly id: string;
  readonly handle: string;
  readonly variants: readonly { readonly id: string; readonly sku: string }[];
}

/** A product of a test's own beside the demo shop's. */
export async function addProduct(
  shop: ShopAddress,
  options: { readonly stock?: number; readonly title?: string; readonly description?: string } = {},
): Promise<ExtraProduct> {
  const { stock = 20, title = "Test Buoy", description = "" } = options;
  const handle = `test-${randomUUID().slice(0, 8)}`;
  const prices = (amount: number) => [{ amount_minor: amount, currency: "GBP" }];
  const variants = [{ sku: handle.toUpperCase(), prices: prices(5_000), inventory_quantity: stock }];
  const body = { title, handle, description, variants };
  const product = (await operate(shop, "POST", "/v1/admin/products", body)) as ProductAnswer;
  const [variant] = product.variants;
  if (variant === undefined) throw new Error("the product has no variant");
  return {
    path: product.handle,
    sku: variant.sku,
    setPrice: async (amount) => {
      await operate(shop, "PATCH", `/v1/admin/products/${product.id}/variants/${variant.id}`, { prices: prices(amount) });
    },
  };
}

interface OrderSummary {
  readonly id: string;
  readonly number: string | null;
  readonly status: string;
}

/** Orders that came about or still may. */
export async function ordersOf(shop: ShopAddress, email: string): Promise<readonly OrderSummary[]> {
  const path = `/v1/admin/orders?email=${encodeURIComponent(email)}`;
  const { items } = (await operate(shop, "GET", path)) as { readonly items: readonly OrderSummary[] };
  return items.filter(({ status }) => status !== "failed");
}

/** Units that can be bought. */
export async function stockOf(shop: ShopAddress, sku: string): Promise<{ readonly on_hand: number; readonly held: number }> {
  const { on_hand, held } = (await operate(shop, "GET", `/v1/admin/stock/${sku}`)) as { on_hand: number; held: number };
  return { on_hand, held };
}

/** Brings a SKU's stock to so many units that can be bought. */
export async function setStock(shop: ShopAddress, sku: string, quantity: number): Promise<void> {
  const { available } = (await operate(shop, "GET", `/v1/admin/stock/${sku}`)) as { readonly available: number };
  if (available === quantity) return;
  await operate(shop, "POST", `/v1/admin/stock/${sku}/adjustments`, { quantity: quantity - available, reason: "test" });
}

/** The sandbox's switches, such as `{ webhooks: "off" }`. */
export async function setFaults(shop: ShopAddress, faults: Readonly<Record<string, unknown>>): Promise<void> {
  const response = await fetch(`${shop.url}/payment-sandbox/control`, {
    method: "POST",
    headers: { authorization: `Bearer ${TEST_SECRETS.STRIPE_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(`the sandbox's control answers ${response.status}`);
}
