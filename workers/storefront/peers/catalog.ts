/**
 * What the shop's pages read from the catalogue, inventory and orders' policy, by their public HTTP contracts. Members that
 * no page shows are not parsed.
 */
import * as z from "zod";
import { MoneyJson } from "../../shared/money.ts";
import { ok } from "../../shared/result.ts";
import type { PageContext } from "../page-context.ts";
import { type Answer, ask } from "./ask.ts";

const Media = z.object({ url: z.string(), alt: z.string() });
const CategoryLink = z.object({ handle: z.string(), title: z.string() });

const Category = z.object({
  handle: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  parent: z.string().nullable(),
  image: z.string().nullable(),
  product_count: z.int(),
});
export type Category = z.infer<typeof Category>;

const CategoryDetail = Category.extend({ ancestors: z.array(CategoryLink), children: z.array(Category) });
export type CategoryDetail = z.infer<typeof CategoryDetail>;

const Variant = z.object({
  sku: z.string(),
  title: z.string(),
  price: MoneyJson,
  compare_at_price: MoneyJson.nullable(),
});

const ListItem = z.object({
  id: z.string(),
  handle: z.string(),
  title: z.string(),
  image: z.string().nullable(),
  media: z.array(Media),
  price_from: MoneyJson,
  compare_at_from: MoneyJson.nullable(),
  price_varies: z.boolean(),
  sold_out: z.boolean(),
});
export type ListItem = z.infer<typeof ListItem>;

const Facets = z.object({
  categories: z.array(CategoryLink.extend({ parent: z.string().nullable(), count: z.int() })),
  price: z.object({ min: MoneyJson.nullable(), max: MoneyJson.nullable() }),
  availability: z.object({ in_stock: z.int(), sold_out: z.int() }),
  tags: z.array(z.object({ tag: z.string(), count: z.int() })),
});
export type Facets = z.infer<typeof Facets>;

const ProductPage = z.object({
  items: z.array(ListItem),
  next_cursor: z.string().nullable(),
  correction: z.object({ query: z.string(), applied: z.boolean() }).nullable(),
  total: z.int(),
  total_capped: z.boolean(),
  facets: Facets.nullable(),
});
export type ProductPage = z.infer<typeof ProductPage>;

const Product = z.object({
  id: z.string(),
  handle: z.string(),
  title: z.string(),
  description: z.string(),
  vendor: z.string(),
  type: z.string(),
  image: z.string().nullable(),
  options: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
  variants: z.array(
    Variant.extend({
      option_values: z.array(z.string()),
      image: z.string().nullable(),
      weight_grams: z.int(),
      requires_shipping: z.boolean(),
    }),
  ),
  media: z.array(Media),
  category: CategoryLink.nullable(),
});
export type Product = z.infer<typeof Product>;
export type ProductVariant = Product["variants"][number];

const Availability = z.object({ sku: z.string(), available: z.int(), backorderable: z.boolean() });
export type Availability = z.infer<typeof Availability>;

const ShippingOption = z.object({
  id: z.string(),
  name: z.string(),
  price: MoneyJson,
  estimated_days: z.int(),
  free_above: MoneyJson.nullable(),
});
export type ShippingOption = z.infer<typeof ShippingOption>;

type Asker = Pick<PageContext, "env" | "principal" | "call">;

/** Parameters of `GET /v1/products` besides the currency. */
export interface ProductListQuestion {
  readonly q?: string | null;
  readonly category?: string | null;
  readonly tag?: string | null;
  readonly sort?: string | null;
  readonly min_price_minor?: number | null;
  readonly max_price_minor?: number | null;
  readonly availability?: "in_stock" | null;
  readonly facets?: boolean;
  readonly limit: number;
  readonly cursor?: string | null;
}

export async function readProducts(page: Asker, currency: string, question: ProductListQuestion): Answer<ProductPage> {
  const parameters = new URLSearchParams({ currency });
  for (const [name, value] of Object.entries(question)) {
    if (value !== null && value !== undefined && value !== false) parameters.set(name, String(value));
  }
  return await ask(page, "CATALOG", { path: `/v1/products?${parameters}` }, ProductPage);
}

export async function readProduct(page: Asker, currency: string, handle: string): Answer<Product> {
  const path = `/v1/products/${encodeURIComponent(handle)}?${new URLSearchParams({ currency })}`;
  return await ask(page, "CATALOG", { path }, Product);
}

export async function readCategory(page: Asker, currency: string, handle: string): Answer<CategoryDetail> {
  const path = `/v1/categories/${encodeURIComponent(handle)}?${new URLSearchParams({ currency })}`;
  return await ask(page, "CATALOG", { path }, CategoryDetail);
}

const CategoryPage = z.object({ items: z.array(Category), next_cursor: z.string().nullable() });
const CATEGORIES_MAX = 100;

/** The categories at the top with something in them, in the shop's order. */
export async function readTopCategories(page: Asker, currency: string): Answer<Category[]> {
  const parameters = new URLSearchParams({ currency, limit: String(CATEGORIES_MAX) });
  const answer = await ask(page, "CATALOG", { path: `/v1/categories?${parameters}` }, CategoryPage);
  if (!answer.ok) return answer;
  return ok(answer.value.items.filter((category) => category.parent === null && category.product_count > 0));
}

/** SKUs that one availability call takes. */
const AVAILABILITY_SKUS_MAX = 100;

/** Live, by SKU. Beyond the first hundred SKUs nothing is asked. */
export async function readAvailability(page: Asker, skus: readonly string[]): Answer<ReadonlyMap<string, Availability>> {
  const asked = [...new Set(skus)].slice(0, AVAILABILITY_SKUS_MAX);
  if (asked.length === 0) return ok(new Map());
  const parameters = new URLSearchParams(asked.map((sku) => ["sku", sku]));
  const schema = z.object({ items: z.array(Availability) });
  const answer = await ask(page, "INVENTORY", { path: `/v1/availability?${parameters}` }, schema);
  return answer.ok ? ok(new Map(answer.value.items.map((item) => [item.sku, item]))) : answer;
}

export interface Parcel {
  readonly country: string;
  readonly currency: string;
  readonly subtotalMinor: number;
  readonly weightGrams: number;
}

/** How one parcel could be shipped, cheapest first. */
export async function readShippingEstimate(page: Asker, parcel: Parcel): Answer<ShippingOption[]> {
  const parameters = new URLSearchParams({
    country: parcel.country,
    currency: parcel.currency,
    subtotal_minor: String(parcel.subtotalMinor),
    weight_grams: String(parcel.weightGrams),
  });
  const schema = z.object({ items: z.array(ShippingOption) });
  const answer = await ask(page, "ORDERS", { path: `/v1/shipping-options?${parameters}` }, schema);
  return answer.ok ? ok(answer.value.items) : answer;
}
