/** What shoppers read: product lists, search, a product, the categories. Answers carry the catalogue's version. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { decodeCursor, encodeCursor, PageLimit } from "../shared/cursor.ts";
import { jsonContent, notFound, problemResponses, type ServiceContext, type ServiceEnv } from "../shared/http.ts";
import { CurrencyCode } from "../shared/money.ts";
import { Handle } from "./contract.ts";
import { configuration, type Env } from "./env.ts";
import { answers, catalogVersion, isCurrentVersion } from "./hot-catalog.ts";
import { listProducts, readActiveProduct } from "./list-products.ts";
import { listCategories } from "./manage-categories.ts";
import { ShopListItem, ShopProduct, shopListItem, shopProductJson } from "./product-json.ts";
import { QUERY_LENGTH_MAX } from "./search-terms.ts";

type App = OpenAPIHono<ServiceEnv<Env>>;

/** Edges keep an answer briefly and revalidate by its version; browsers always ask. */
const CACHE_CONTROL = "public, max-age=0, s-maxage=5, stale-while-revalidate=30";
const CURSOR_LENGTH_MAX = 4_096;

const Cursor = z.string().max(CURSOR_LENGTH_MAX).optional();
const Currency = CurrencyCode.default(configuration.SHOP_CURRENCY);

export const CategoryJson = z
  .object({ id: z.string(), handle: z.string(), title: z.string(), parent: z.string().nullable() })
  .openapi("Category");

const list = createRoute({
  method: "get",
  path: "/v1/products",
  operationId: "listProducts",
  tags: ["Products"],
  summary: "List or search the active products",
  request: {
    query: z.object({
      q: z.string().max(QUERY_LENGTH_MAX).optional(),
      category: Handle.optional(),
      currency: Currency,
      limit: PageLimit,
      cursor: Cursor,
    }),
  },
  responses: {
    200: jsonContent(
      z.object({
        items: z.array(ShopListItem),
        next_cursor: z.string().nullable(),
        corrected_query: z
          .string()
          .nullable()
          .openapi({ description: "What was searched instead of `q`, when no product has its words." }),
      }),
      "A page of products",
    ),
    304: { description: "Unchanged since the `etag` that was sent as `if-none-match`" },
    ...problemResponses(400),
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/products/{handle}",
  operationId: "getProduct",
  tags: ["Products"],
  summary: "Read an active product",
  request: { params: z.object({ handle: Handle }), query: z.object({ currency: Currency }) },
  responses: {
    200: jsonContent(ShopProduct, "The product"),
    304: { description: "Unchanged since the `etag` that was sent as `if-none-match`" },
    ...problemResponses(400, 404),
  },
});

const categoriesRoute = createRoute({
  method: "get",
  path: "/v1/categories",
  operationId: "listCategories",
  tags: ["Products"],
  summary: "List the categories by handle",
  request: { query: z.object({ limit: PageLimit, cursor: Cursor }) },
  responses: {
    200: jsonContent(z.object({ items: z.array(CategoryJson), next_cursor: z.string().nullable() }), "A page of categories"),
    304: { description: "Unchanged since the `etag` that was sent as `if-none-match`" },
    ...problemResponses(400),
  },
});

export function addShopRoutes(app: App): void {
  app.openapi(list, async (c) => {
    const { q, category, currency, limit, cursor } = c.req.valid("query");
    const query = q === undefined || q.trim() === "" ? null : q;
    const key = JSON.stringify(["list", query, category, currency, limit, cursor]);
    return await answer(c, key, async () => {
      const page = await listProducts(c.env.DATABASE, {
        query,
        category: category ?? null,
        currency,
        limit,
        cursor: cursor ?? null,
      });
      const items = page.products.filter((product) => hasPrice(product, currency)).map((item) => shopListItem(item, currency));
      return { items, next_cursor: page.nextCursor, corrected_query: page.correctedQuery };
    });
  });
  app.openapi(read, async (c) => {
    const { handle } = c.req.valid("param");
    const { currency } = c.req.valid("query");
    return await answer(c, JSON.stringify(["product", handle, currency]), async () => {
      const product = await readActiveProduct(c.env.DATABASE, handle);
      if (product === null) throw notFound("product");
      return shopProductJson(product, currency);
    });
  });
  app.openapi(categoriesRoute, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    return await answer(c, JSON.stringify(["categories", limit, cursor]), () => categoryPage(c.env.DATABASE, limit, cursor));
  });
}

export async function categoryPage(database: D1Database, limit: number, cursor: string | undefined) {
  const after = cursor === undefined ? "" : decodeCursor(z.strictObject({ h: z.string() }), cursor).h;
  const found = await listCategories(database, after, limit + 1);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const more = found.length > limit && last !== undefined;
  return { items, next_cursor: more ? encodeCursor({ h: last.handle }) : null };
}

/** Between two pages a product may have lost its last price in the currency. */
function hasPrice(
  product: { readonly variants: readonly { readonly prices: readonly { currency: string }[] }[] },
  currency: string,
) {
  return product.variants.some((variant) => variant.prices.some((price) => price.currency === currency));
}

/** Serves the answer kept under `key`, or makes and keeps it. The URL and the version determine every byte of it. */
async function answer(c: ServiceContext<Env>, key: string, make: () => Promise<unknown>): Promise<never> {
  const version = await catalogVersion(c.env.DATABASE);
  const etag = `W/"${version}"`;
  const headers = { "cache-control": CACHE_CONTROL, etag, "x-catalog-version": String(version) };
  const kept = answers.get(key);
  if (kept === undefined || !namesEtag(c.req.header("if-none-match"), etag)) {
    const body = kept ?? JSON.stringify(await make());
    if (kept === undefined && isCurrentVersion(version)) answers.set(key, body, body.length + key.length);
    return new Response(body, { headers: { ...headers, "content-type": "application/json" } }) as never;
  }
  return new Response(null, { status: 304, headers }) as never;
}

/** Weak comparison with any of the listed tags. Source: RFC 9110 §13.1.2 */
function namesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  const opaque = etag.replace(/^W\//, "");
  return (ifNoneMatch ?? "").split(",").some((listed) => listed.trim().replace(/^W\//, "") === opaque);
}
