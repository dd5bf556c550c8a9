/** Operators' products and variants. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PageLimit } from "../shared/cursor.ts";
import { jsonBody, jsonContent, problemResponses, type ServiceContext, type ServiceEnv } from "../shared/http.ts";
import { idSchema } from "../shared/identifiers.ts";
import { requireOperator } from "../shared/principal.ts";
import { noteDifference } from "../shared/privileged-act.ts";
import { unwrap } from "./catalog-error.ts";
import { PRODUCT_STATUSES } from "./contract.ts";
import type { Env } from "./env.ts";
import { listAdminProducts } from "./list-admin-products.ts";
import { ProductInput, ProductPatch, VariantInput, VariantPatch } from "./product-input.ts";
import { AdminProduct, adminProductJson } from "./product-json.ts";
import {
  addVariant,
  archiveProduct,
  changeProduct,
  changeVariant,
  createProduct,
  type ProductResult,
  readProduct,
  removeVariant,
  type Writing,
} from "./write-products.ts";

type App = OpenAPIHono<ServiceEnv<Env>>;

const tags = ["Operating: products"];
const security = [{ bearer: [] }];
const ProductPath = z.object({ id: idSchema("prod") });
const VariantPath = ProductPath.extend({ variant_id: idSchema("var") });
const productAnswer = jsonContent(AdminProduct, "The product");

const create = createRoute({
  method: "post",
  path: "/v1/admin/products",
  operationId: "createProduct",
  tags,
  security,
  summary: "Create a product with its variants and open their stock",
  request: { body: jsonBody(ProductInput) },
  responses: { 201: jsonContent(AdminProduct, "The new product"), ...problemResponses(400, 401, 403, 409, 422, 503) },
});

const list = createRoute({
  method: "get",
  path: "/v1/admin/products",
  operationId: "listAdminProducts",
  tags,
  security,
  summary: "List products of every status, newest first",
  request: {
    query: z.object({
      status: z.enum(PRODUCT_STATUSES).optional(),
      q: z.string().max(200).optional().openapi({ description: "A part of the title, the handle or a SKU." }),
      limit: PageLimit,
      cursor: z.string().max(512).optional(),
    }),
  },
  responses: {
    200: jsonContent(z.object({ items: z.array(AdminProduct), next_cursor: z.string().nullable() }), "A page of products"),
    ...problemResponses(400, 401, 403),
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/admin/products/{id}",
  operationId: "getAdminProduct",
  tags,
  security,
  summary: "Read a product of any status",
  request: { params: ProductPath },
  responses: { 200: productAnswer, ...problemResponses(400, 401, 403, 404) },
});

const change = createRoute({
  method: "patch",
  path: "/v1/admin/products/{id}",
  operationId: "changeProduct",
  tags,
  security,
  summary: "Change a product; `media` replaces the whole list",
  request: { params: ProductPath, body: jsonBody(ProductPatch) },
  responses: { 200: productAnswer, ...problemResponses(400, 401, 403, 404, 409, 422) },
});

const archive = createRoute({
  method: "delete",
  path: "/v1/admin/products/{id}",
  operationId: "archiveProduct",
  tags,
  security,
  summary: "Archive a product: it is no longer sold, and stays readable here",
  request: { params: ProductPath },
  responses: { 200: productAnswer, ...problemResponses(400, 401, 403, 404) },
});

const variantAdd = createRoute({
  method: "post",
  path: "/v1/admin/products/{id}/variants",
  operationId: "addVariant",
  tags,
  security,
  summary: "Add a variant and open its stock",
  request: { params: ProductPath, body: jsonBody(VariantInput) },
  responses: { 201: productAnswer, ...problemResponses(400, 401, 403, 404, 409, 422, 503) },
});

const variantChange = createRoute({
  method: "patch",
  path: "/v1/admin/products/{id}/variants/{variant_id}",
  operationId: "changeVariant",
  tags,
  security,
  summary: "Change a variant; `prices` replaces the whole list. A SKU never changes: its stock belongs to it",
  request: { params: VariantPath, body: jsonBody(VariantPatch) },
  responses: { 200: productAnswer, ...problemResponses(400, 401, 403, 404, 409, 422) },
});

const variantRemove = createRoute({
  method: "delete",
  path: "/v1/admin/products/{id}/variants/{variant_id}",
  operationId: "removeVariant",
  tags,
  security,
  summary: "Remove a variant; its stock records stay",
  request: { params: VariantPath },
  responses: { 200: productAnswer, ...problemResponses(400, 401, 403, 404, 409) },
});

function writing(c: ServiceContext<Env>): Writing {
  requireOperator(c.var.principal, "products:write");
  return { database: c.env.DATABASE, inventory: c.env.INVENTORY, context: c.var.context };
}

/** The product after a change, which is noted. @throws ProblemError */
async function changed(
  c: ServiceContext<Env>,
  id: string,
  change: (target: Writing) => ProductResult,
): Promise<z.infer<typeof AdminProduct>> {
  const target = writing(c);
  const before = adminProductJson(unwrap(await readProduct(c.env.DATABASE, id)));
  const after = adminProductJson(unwrap(await change(target)));
  noteDifference(c, before, after);
  return after;
}

export function addAdminProductRoutes(app: App): void {
  app.openapi(create, async (c) => {
    const made = adminProductJson(unwrap(await createProduct(writing(c), c.req.valid("json"))));
    noteDifference(c, null, made, `products/${made.id}`);
    return c.json(made, 201);
  });
  app.openapi(list, async (c) => {
    requireOperator(c.var.principal, "products:read");
    const page = await listAdminProducts(c.env.DATABASE, c.req.valid("query"));
    return c.json({ items: page.products.map(adminProductJson), next_cursor: page.nextCursor }, 200);
  });
  app.openapi(read, async (c) => {
    requireOperator(c.var.principal, "products:read");
    return c.json(adminProductJson(unwrap(await readProduct(c.env.DATABASE, c.req.valid("param").id))), 200);
  });
  app.openapi(change, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await changed(c, id, (target) => changeProduct(target, id, c.req.valid("json"))), 200);
  });
  app.openapi(archive, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await changed(c, id, (target) => archiveProduct(target, id)), 200);
  });
  app.openapi(variantAdd, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await changed(c, id, (target) => addVariant(target, id, c.req.valid("json"))), 201);
  });
  app.openapi(variantChange, async (c) => {
    const { id, variant_id } = c.req.valid("param");
    return c.json(await changed(c, id, (target) => changeVariant(target, id, variant_id, c.req.valid("json"))), 200);
  });
  app.openapi(variantRemove, async (c) => {
    const { id, variant_id } = c.req.valid("param");
    return c.json(await changed(c, id, (target) => removeVariant(target, id, variant_id)), 200);
  });
}
