/** A page of products on the wire, with what product cards and filters need. Pure. */
import { z } from "@hono/zod-openapi";
import { MoneyJson, moneyJson } from "../shared/money.ts";
import type { ProductPage } from "./list-products.ts";
import { Correction, correctionJson, ShopListItem, shopListItem } from "./product-json.ts";
import type { Facets } from "./read-totals.ts";
import { TOTAL_MAX } from "./read-totals.ts";

const FacetsJson = z
  .object({
    categories: z.array(z.object({ handle: z.string(), title: z.string(), parent: z.string().nullable(), count: z.int() })),
    price: z.object({ min: MoneyJson.nullable(), max: MoneyJson.nullable() }),
    availability: z.object({ in_stock: z.int(), sold_out: z.int() }),
    tags: z.array(z.object({ tag: z.string(), count: z.int() })),
  })
  .openapi("ProductFacets", {
    description: "Each counts under all filters but its own: a count says how many products choosing the value lists.",
  });

export const ProductList = z.object({
  items: z.array(ShopListItem),
  next_cursor: z.string().nullable(),
  corrected_query: z
    .string()
    .nullable()
    .openapi({ description: "What was searched instead of `q`, when no product has its words. Prefer `correction`." }),
  correction: Correction,
  total: z.int().openapi({ description: `Products on all pages; a list without facets is counted to ${TOTAL_MAX}.` }),
  total_capped: z.boolean().openapi({ description: "There are more than `total`." }),
  facets: FacetsJson.nullable().openapi({ description: "With `facets=true`." }),
});

export function productListJson(page: ProductPage, currency: string): z.infer<typeof ProductList> {
  return {
    items: page.products.map(({ product, soldOut }) => shopListItem(product, currency, soldOut)),
    next_cursor: page.nextCursor,
    corrected_query: page.correctedQuery,
    correction: correctionJson(page.correctedQuery),
    total: page.total,
    total_capped: page.totalCapped,
    facets: page.facets === null ? null : facetsJson(page.facets, currency),
  };
}

function facetsJson({ categories, price, availability, tags }: Facets, currency: string): z.infer<typeof FacetsJson> {
  const money = (amountMinor: number | null) => (amountMinor === null ? null : moneyJson(amountMinor, currency));
  return {
    categories: [...categories],
    price: { min: money(price.minMinor), max: money(price.maxMinor) },
    availability: { in_stock: availability.inStock, sold_out: availability.soldOut },
    tags: [...tags],
  };
}
