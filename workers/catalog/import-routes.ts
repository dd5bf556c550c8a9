/** Operators' CSV: upload, progress, refusals, export. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { desc, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { IMPORT_STATUSES, type ImportRunState } from "../../durable-objects/import-run/run-store.ts";
import { isoTime, systemClock } from "../shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../shared/cursor.ts";
import { jsonContent, notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { idSchema, newId } from "../shared/identifiers.ts";
import { requireOperator } from "../shared/principal.ts";
import { noteChange } from "../shared/privileged-act.ts";
import { ProblemError } from "../shared/problem.ts";
import { acceptImport } from "./accept-import.ts";
import { configuration, type Env } from "./env.ts";
import { exportProducts } from "./export-products.ts";
import { imports } from "./schema.ts";

/** Refusals in the import's own answer; the rest is read by page. */
const REFUSALS_SHOWN = 1_000;
const ImportId = idSchema("imp");
const tags = ["Operating: imports"];
const security = [{ bearer: [] }];
const MEDIA_TYPES = ["text/csv", "application/gzip", "application/x-gzip", "application/csv", "application/octet-stream"];

const RefusalJson = z.object({ row: z.int(), code: z.string(), message: z.string() }).openapi("ImportRefusal");
const ImportSummary = z.object({
  id: z.string(),
  status: z.enum(IMPORT_STATUSES),
  rows: z.int(),
  products: z.int(),
  accepted: z.int(),
  refused_count: z.int(),
  created_at: z.string(),
  updated_at: z.string(),
});
const ImportJson = ImportSummary.extend({
  refused: z.array(RefusalJson).openapi({ description: `The first ${REFUSALS_SHOWN}; all of them are under /refusals.` }),
  stock_unchanged: z.int().openapi({ description: "SKUs whose quantity was not applied, because their stock is in use." }),
  progress: z.number().min(0).max(1),
  error: z.string().nullable(),
}).openapi("Import");
const binary = z.string().openapi({ format: "binary" });

const upload = createRoute({
  method: "post",
  path: "/v1/admin/imports",
  operationId: "createImport",
  tags,
  security,
  summary: "Import products from a CSV with Shopify's columns, plain or gzipped",
  request: {
    body: { required: true, content: { "text/csv": { schema: binary }, "application/gzip": { schema: binary } } },
  },
  responses: {
    202: jsonContent(z.object({ id: z.string() }), "Accepted; read its progress by id"),
    ...problemResponses(400, 401, 403, 413, 415, 422),
  },
});

const list = createRoute({
  method: "get",
  path: "/v1/admin/imports",
  operationId: "listImports",
  tags,
  security,
  summary: "List imports, newest first",
  request: { query: z.object({ limit: PageLimit, cursor: z.string().max(512).optional() }) },
  responses: {
    200: jsonContent(z.object({ items: z.array(ImportSummary), next_cursor: z.string().nullable() }), "A page of imports"),
    ...problemResponses(400, 401, 403),
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/admin/imports/{id}",
  operationId: "getImport",
  tags,
  security,
  summary: "Read an import's progress and what it refused",
  request: { params: z.object({ id: ImportId }) },
  responses: { 200: jsonContent(ImportJson, "The import"), ...problemResponses(400, 401, 403, 404) },
});

const refusals = createRoute({
  method: "get",
  path: "/v1/admin/imports/{id}/refusals",
  operationId: "listImportRefusals",
  tags,
  security,
  summary: "List the refused rows of an import",
  request: {
    params: z.object({ id: ImportId }),
    query: z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100), cursor: z.string().max(512).optional() }),
  },
  responses: {
    200: jsonContent(z.object({ items: z.array(RefusalJson), next_cursor: z.string().nullable() }), "A page of refusals"),
    ...problemResponses(400, 401, 403, 404),
  },
});

const exportRoute = createRoute({
  method: "get",
  path: "/v1/admin/exports/products.csv",
  operationId: "exportProducts",
  tags,
  security,
  summary: "Export every product as CSV; importing it again changes nothing",
  request: {
    query: z.object({
      stock: z.enum(["true", "false"]).default("true").openapi({ description: "Include what is available of each SKU." }),
    }),
  },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: binary } } },
    ...problemResponses(400, 401, 403),
  },
});

type App = OpenAPIHono<ServiceEnv<Env>>;

export function addImportRoutes(app: App): void {
  app.openapi(upload, async (c) => {
    requireOperator(c.var.principal, "products:write");
    const mediaType = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (!MEDIA_TYPES.includes(mediaType)) throw new ProblemError(UNSUPPORTED);
    if (c.req.raw.body === null) throw new ProblemError(EMPTY);
    const id = newId("imp", systemClock.now());
    const fileKey = `${id}.csv`;
    const file = await acceptImport(c.env.IMPORTS, fileKey, c.req.raw.body);
    await c.env.IMPORT_RUN.getByName(id).start({ id, fileKey, ...file });
    noteChange(c, { resource: `imports/${id}`, after: { status: "running", bytes: file.sizeBytes } });
    return c.json({ id }, 202, { location: `/v1/admin/imports/${id}` });
  });
  app.openapi(list, async (c) => {
    requireOperator(c.var.principal, "products:read");
    const { limit, cursor } = c.req.valid("query");
    return c.json(await listImports(c.env.DATABASE, limit, cursor), 200);
  });
  app.openapi(read, async (c) => {
    requireOperator(c.var.principal, "products:read");
    const { id } = c.req.valid("param");
    const run = await readRun(c.env, id);
    const shown = await readRefusals(c.env, id, 0, REFUSALS_SHOWN);
    return c.json(
      importJson(
        run,
        shown.map((entry) => entry.refusal),
      ),
      200,
    );
  });
  app.openapi(refusals, async (c) => {
    requireOperator(c.var.principal, "products:read");
    const { id } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    await readRun(c.env, id);
    const after = cursor === undefined ? 0 : decodeCursor(z.strictObject({ s: z.int().min(0) }), cursor).s;
    const found = await readRefusals(c.env, id, after, limit + 1);
    const page = found.slice(0, limit);
    const next = found.length > limit ? encodeCursor({ s: page.at(-1)?.sequence ?? 0 }) : null;
    return c.json({ items: page.map((entry) => entry.refusal), next_cursor: next }, 200);
  });
  app.openapi(exportRoute, async (c) => {
    requireOperator(c.var.principal, "products:read");
    const body = await exportProducts({
      database: c.env.DATABASE,
      inventory: c.env.INVENTORY,
      context: c.var.context,
      shopCurrency: configuration.SHOP_CURRENCY,
      withStock: c.req.valid("query").stock === "true",
    });
    return c.body(body, 200, {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="products.csv"',
      "cache-control": "no-store",
    });
  });
}

const UNSUPPORTED = {
  status: 415,
  code: "unsupported_media_type",
  detail: "Send the file as `text/csv` or `application/gzip`.",
} as const;
const EMPTY = { status: 400, code: "malformed_body", detail: "The body is empty." } as const;

/** The list in D1 knows every import, so that an unknown id wakes no object. @throws ProblemError 404 */
async function readRun(env: Env, id: string): Promise<ImportRunState> {
  const known = await env.DATABASE.prepare("SELECT 1 FROM imports WHERE id = ?1").bind(id).first();
  if (known === null) throw notFound("import");
  using run = await env.IMPORT_RUN.getByName(id).read();
  if (run === null) throw notFound("import");
  return { ...run };
}

async function readRefusals(env: Env, id: string, after: number, limit: number) {
  using found = await env.IMPORT_RUN.getByName(id).refusals(after, limit);
  return found.map(({ sequence, refusal }) => ({ sequence, refusal }));
}

function importJson(run: ImportRunState, refused: z.infer<typeof RefusalJson>[]): z.infer<typeof ImportJson> {
  const ended = run.status === "completed";
  return {
    id: run.id,
    status: run.status,
    rows: run.rows,
    products: run.products,
    accepted: run.accepted,
    refused_count: run.refusedCount,
    refused,
    stock_unchanged: run.stockUnchanged,
    progress: ended || run.sizeBytes === 0 ? 1 : Math.min(1, run.position.offset / run.sizeBytes),
    error: run.error,
    created_at: isoTime(run.createdAtMs),
    updated_at: isoTime(run.updatedAtMs),
  };
}

/** Ids sort by time. */
async function listImports(database: D1Database, limit: number, cursor: string | undefined) {
  const before = cursor === undefined ? undefined : decodeCursor(z.strictObject({ i: ImportId }), cursor).i;
  const rows = await drizzle(database)
    .select()
    .from(imports)
    .where(before === undefined ? undefined : lt(imports.id, before))
    .orderBy(desc(imports.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map((row) => ({
    id: row.id,
    status: row.status,
    rows: row.rowCount,
    products: row.productCount,
    accepted: row.acceptedCount,
    refused_count: row.refusedCount,
    created_at: isoTime(row.createdAtMs),
    updated_at: isoTime(row.updatedAtMs),
  }));
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? encodeCursor({ i: last.id }) : null };
}
