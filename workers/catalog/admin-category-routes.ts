/** Operators' categories, by handle. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PageLimit } from "../shared/cursor.ts";
import { jsonBody, jsonContent, notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { requireOperator } from "../shared/principal.ts";
import { noteDifference } from "../shared/privileged-act.ts";
import { unwrap } from "./catalog-error.ts";
import { CategoryJson, categoryJson } from "./category-json.ts";
import { categoryPage } from "./category-routes.ts";
import { Handle } from "./contract.ts";
import { configuration, type Env } from "./env.ts";
import { changeCategory, createCategory, deleteCategory } from "./manage-categories.ts";
import { CategoryInput, CategoryPatch } from "./product-input.ts";
import { readCategoryCounts, readCategoryTree } from "./read-categories.ts";

const tags = ["Operating: products"];
const security = [{ bearer: [] }];
const CategoryPath = z.object({ handle: Handle });

const create = createRoute({
  method: "post",
  path: "/v1/admin/categories",
  operationId: "createCategory",
  tags,
  security,
  summary: "Create a category",
  request: { body: jsonBody(CategoryInput) },
  responses: { 201: jsonContent(CategoryJson, "The new category"), ...problemResponses(400, 401, 403, 409, 422) },
});

const list = createRoute({
  method: "get",
  path: "/v1/admin/categories",
  operationId: "listAdminCategories",
  tags,
  security,
  summary: "List the categories by position, then handle",
  request: { query: z.object({ limit: PageLimit, cursor: z.string().max(1_024).optional() }) },
  responses: {
    200: jsonContent(z.object({ items: z.array(CategoryJson), next_cursor: z.string().nullable() }), "A page of categories"),
    ...problemResponses(400, 401, 403),
  },
});

const change = createRoute({
  method: "patch",
  path: "/v1/admin/categories/{handle}",
  operationId: "changeCategory",
  tags,
  security,
  summary: "Change or move a category",
  request: { params: CategoryPath, body: jsonBody(CategoryPatch) },
  responses: { 200: jsonContent(CategoryJson, "The category"), ...problemResponses(400, 401, 403, 404, 409, 422) },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/admin/categories/{handle}",
  operationId: "deleteCategory",
  tags,
  security,
  summary: "Delete a category; its products stay without one",
  request: { params: CategoryPath },
  responses: { 204: { description: "Deleted" }, ...problemResponses(400, 401, 403, 404, 409) },
});

/** Counted in the shop's currency. In a path an unknown category is absent; in a body it is a wrong reference. @throws ProblemError 404 */
async function currentCategory(database: D1Database, handle: string): Promise<z.infer<typeof CategoryJson>> {
  const tree = await readCategoryTree(database);
  const node = tree.byHandle.get(handle);
  if (node === undefined) throw notFound("category");
  return categoryJson(tree, await readCategoryCounts(database, configuration.SHOP_CURRENCY), node);
}

export function addAdminCategoryRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(create, async (c) => {
    requireOperator(c.var.principal, "products:write");
    const { handle } = unwrap(await createCategory(c.env.DATABASE, c.req.valid("json")));
    const made = await currentCategory(c.env.DATABASE, handle);
    noteDifference(c, null, made, `categories/${handle}`);
    return c.json(made, 201);
  });
  app.openapi(list, async (c) => {
    requireOperator(c.var.principal, "products:read");
    const { limit, cursor } = c.req.valid("query");
    return c.json(await categoryPage(c.env.DATABASE, limit, cursor, configuration.SHOP_CURRENCY), 200);
  });
  app.openapi(change, async (c) => {
    requireOperator(c.var.principal, "products:write");
    const { handle } = c.req.valid("param");
    const before = await currentCategory(c.env.DATABASE, handle);
    const changed = unwrap(await changeCategory(c.env.DATABASE, handle, c.req.valid("json")));
    const after = await currentCategory(c.env.DATABASE, changed.handle);
    noteDifference(c, before, after);
    return c.json(after, 200);
  });
  app.openapi(remove, async (c) => {
    requireOperator(c.var.principal, "products:write");
    const { handle } = c.req.valid("param");
    const before = await currentCategory(c.env.DATABASE, handle);
    unwrap(await deleteCategory(c.env.DATABASE, handle));
    noteDifference(c, before, null);
    return c.body(null, 204);
  });
}
