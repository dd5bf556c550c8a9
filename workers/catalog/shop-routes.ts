/** What shoppers read of products: lists, search, suggestions, one product. Answers carry the catalogue's version. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { jsonContent, notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { Handle } from "./contract.ts";
import type { Env } from "./env.ts";
import { keptAnswer, NOT_MODIFIED } from "./kept-answer.ts";
import { ProductList, productListJson } from "./list-json.ts";
import { listProducts, readActiveProduct } from "./list-products.ts";
import { Currency, ListQuery, listQuestion } from "./list-question.ts";
import { Correction, ShopProduct, shopProductJson } from "./product-json.ts";
import { QUERY_LENGTH_MAX } from "./search-terms.ts";
import { SUGGESTIONS_MAX, suggest } from "./suggest.ts";

const SUGGESTIONS_DEFAULT = 8;

const list = createRoute({
  method: "get",
  path: "/v1/products",
  operationId: "listProducts",
  tags: ["Products"],
  summary: "List or search the active products",
  description:
    "A cursor belongs to its query, sort and filters. Filters and counts of what is sold out are seconds old: whether something can be bought now, `/v1/availability` says.",
  request: { query: ListQuery },
  responses: { 200: jsonContent(ProductList, "A page of products"), ...NOT_MODIFIED, ...problemResponses(400) },
});

const read = createRoute({
  method: "get",
  path: "/v1/products/{handle}",
  operationId: "getProduct",
  tags: ["Products"],
  summary: "Read an active product",
  request: { params: z.object({ handle: Handle }), query: z.object({ currency: Currency }) },
  responses: { 200: jsonContent(ShopProduct, "The product"), ...NOT_MODIFIED, ...problemResponses(400, 404) },
});

const Suggestion = z
  .object({ kind: z.enum(["product", "category"]), title: z.string(), handle: z.string(), image: z.string().nullable() })
  .openapi("Suggestion");

const suggestions = createRoute({
  method: "get",
  path: "/v1/search/suggestions",
  operationId: "suggestProducts",
  tags: ["Products"],
  summary: "Products and categories whose title has words that begin like the ones being typed",
  request: {
    query: z.object({
      q: z.string().max(QUERY_LENGTH_MAX).default(""),
      currency: Currency,
      limit: z.coerce.number().int().min(1).max(SUGGESTIONS_MAX).default(SUGGESTIONS_DEFAULT),
    }),
  },
  responses: {
    200: jsonContent(
      z.object({ items: z.array(Suggestion), correction: Correction }),
      "Categories first, the best products after",
    ),
    ...NOT_MODIFIED,
    ...problemResponses(400),
  },
});

export function addShopRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(list, async (c) => {
    const question = listQuestion(c.req.valid("query"));
    return await keptAnswer(c, JSON.stringify(["list", question]), async () =>
      productListJson(await listProducts(c.env.DATABASE, question), question.currency),
    );
  });
  app.openapi(read, async (c) => {
    const { handle } = c.req.valid("param");
    const { currency } = c.req.valid("query");
    return await keptAnswer(c, JSON.stringify(["product", handle, currency]), async () => {
      const product = await readActiveProduct(c.env.DATABASE, handle);
      if (product === null) throw notFound("product");
      return shopProductJson(product, currency);
    });
  });
  app.openapi(suggestions, async (c) => {
    const { q, currency, limit } = c.req.valid("query");
    const query = q.trim().toLowerCase();
    return await keptAnswer(c, JSON.stringify(["suggestions", query, currency, limit]), () =>
      suggest(c.env.DATABASE, { query, currency, limit }),
    );
  });
}
