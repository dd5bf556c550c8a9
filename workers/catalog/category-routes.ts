/** The categories that shoppers see: the tree with counts and pictures, and one category with its place in it. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { decodeCursor, encodeCursor, PageLimit } from "../shared/cursor.ts";
import { jsonContent, notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { CategoryDetailJson, CategoryJson, categoryDetailJson, categoryJson } from "./category-json.ts";
import { compareCategories } from "./category-tree.ts";
import { CATEGORY_POSITION_MAX, Handle } from "./contract.ts";
import type { Env } from "./env.ts";
import { keptAnswer, NOT_MODIFIED } from "./kept-answer.ts";
import { Currency, Cursor } from "./list-question.ts";
import { readCategoryCounts, readCategoryTree } from "./read-categories.ts";

const list = createRoute({
  method: "get",
  path: "/v1/categories",
  operationId: "listCategories",
  tags: ["Products"],
  summary: "List the categories by position, then handle",
  request: { query: z.object({ currency: Currency, limit: PageLimit, cursor: Cursor }) },
  responses: {
    200: jsonContent(z.object({ items: z.array(CategoryJson), next_cursor: z.string().nullable() }), "A page of categories"),
    ...NOT_MODIFIED,
    ...problemResponses(400),
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/categories/{handle}",
  operationId: "getCategory",
  tags: ["Products"],
  summary: "Read a category with what is above and right below it",
  request: { params: z.object({ handle: Handle }), query: z.object({ currency: Currency }) },
  responses: { 200: jsonContent(CategoryDetailJson, "The category"), ...NOT_MODIFIED, ...problemResponses(400, 404) },
});

/** The last category shown. */
const CategoryCursor = z.strictObject({ p: z.int().min(0).max(CATEGORY_POSITION_MAX), h: z.string().max(255) });

export async function categoryPage(database: D1Database, limit: number, cursor: string | undefined, currency: string) {
  const after = cursor === undefined ? null : decodeCursor(CategoryCursor, cursor);
  const tree = await readCategoryTree(database);
  const counts = await readCategoryCounts(database, currency);
  const place = after === null ? null : { position: after.p, handle: after.h };
  const rest = place === null ? tree.ordered : tree.ordered.filter((node) => compareCategories(node, place) > 0);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const more = rest.length > limit && last !== undefined;
  const nextCursor = more ? encodeCursor({ p: last.position, h: last.handle }) : null;
  return { items: shown.map((node) => categoryJson(tree, counts, node)), next_cursor: nextCursor };
}

export function addCategoryRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(list, async (c) => {
    const { currency, limit, cursor } = c.req.valid("query");
    return await keptAnswer(c, JSON.stringify(["categories", currency, limit, cursor]), () =>
      categoryPage(c.env.DATABASE, limit, cursor, currency),
    );
  });
  app.openapi(read, async (c) => {
    const { handle } = c.req.valid("param");
    const { currency } = c.req.valid("query");
    return await keptAnswer(c, JSON.stringify(["category", handle, currency]), async () => {
      const tree = await readCategoryTree(c.env.DATABASE);
      const node = tree.byHandle.get(handle);
      if (node === undefined) throw notFound("category");
      return categoryDetailJson(tree, await readCategoryCounts(c.env.DATABASE, currency), node);
    });
  });
}
