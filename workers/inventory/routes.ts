/** Inventory's public resources: live availability for shoppers, receipts, adjustments and the journal for operators. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Opening, SkuStockApi, Unopened } from "../../durable-objects/sku-stock/contract.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../shared/cursor.ts";
import {
  createServiceApp,
  describeService,
  jsonBody,
  jsonContent,
  problemResponses,
  type ServiceContext,
} from "../shared/http.ts";
import { IdempotencyKey } from "../shared/idempotency.ts";
import { requireOperator } from "../shared/principal.ts";
import { noteDifference } from "../shared/privileged-act.ts";
import { ProblemError } from "../shared/problem.ts";
import type { Result } from "../shared/result.ts";
import { Sku } from "./contract.ts";
import type { Env } from "./env.ts";
import { checkDatabase } from "./opening-balances.ts";
import { readAvailability } from "./read-availability.ts";
import { readMovements, readStock } from "./read-stock.ts";
import { addRecoveryRoute } from "./recovery-route.ts";
import {
  AdjustmentBody,
  AvailabilityJson,
  availabilityJson,
  MovementJson,
  movementJson,
  PolicyBody,
  ReceiptBody,
  StockJson,
  stockJson,
} from "./stock-json.ts";
import { type StockRefusal, stockProblem, unknownSku } from "./stock-problems.ts";
import { readOpenings, touchStock } from "./touch-stock.ts";
import { watchStock } from "./watch-stock.ts";

/** SKUs in one availability request: a page of a shop, and an address that every proxy takes. */
const AVAILABILITY_SKUS_MAX = 100;

const SWITCHING_PROTOCOLS = 101;

const SkuPath = z.object({ sku: Sku });
const KeyHeader = z.object({
  "idempotency-key": IdempotencyKey.optional().openapi({
    param: { required: true },
    description: "Repeating the request with the same key changes stock once.",
  }),
});

export const app = createServiceApp<Env>("inventory");

app.use("/v1/*", async (c, next) => {
  await next();
  // An opened socket is handed through as it is.
  if (c.res.status !== SWITCHING_PROTOCOLS) c.header("cache-control", "no-store");
});
app.use("/v1/admin/stock/*", async (c, next) => {
  requireOperator(c.get("principal"), c.req.method === "GET" ? "stock:read" : "stock:write");
  await next();
});

app.openapi(
  createRoute({
    method: "get",
    path: "/v1/availability",
    operationId: "readAvailability",
    tags: ["Stock"],
    summary: "How many units can be bought right now",
    description: "Live, never cached. Unknown SKUs are answered with 0.",
    request: {
      query: z.object({
        sku: z
          .preprocess((value) => (typeof value === "string" ? [value] : value), z.array(Sku).min(1).max(AVAILABILITY_SKUS_MAX))
          .openapi({ param: { name: "sku", in: "query", required: true, style: "form", explode: true } }),
      }),
    },
    responses: {
      200: jsonContent(z.strictObject({ items: z.array(AvailabilityJson) }), "One item per SKU, in the order asked"),
      ...problemResponses(400),
    },
  }),
  async (c) => {
    const items = await readAvailability(c.env, c.req.valid("query").sku);
    return c.json({ items: items.map(availabilityJson) }, 200);
  },
);

app.openapi(
  createRoute({
    method: "get",
    path: "/v1/stock-feed",
    operationId: "watchStock",
    tags: ["Stock"],
    summary: "A WebSocket that says how many units can be bought, at once and after every change",
    description:
      'Open it with `Upgrade: websocket`. Each message is `{"sku", "available", "backorderable"}`, at most four a second. ' +
      "Nothing is read from it except `ping`, which is answered `pong`. When it is refused with 503, poll `/v1/availability`.",
    request: { query: z.object({ sku: Sku }) },
    responses: { 101: { description: "The socket is open." }, ...problemResponses(400, 403, 404, 426, 503) },
  }),
  async (c) => await watchStock(c.env, c.req.valid("query").sku, c.req.header("upgrade")),
);

app.openapi(
  createRoute({
    method: "get",
    path: "/v1/admin/stock/{sku}",
    operationId: "readStock",
    tags: ["Stock"],
    summary: "Stock of one SKU, with its newest movements",
    security: [{ bearer: [] }],
    request: { params: SkuPath },
    responses: { 200: jsonContent(StockJson, "The stock"), ...problemResponses(400, 401, 403, 404) },
  }),
  async (c) => c.json(await stockOf(c.env, c.req.valid("param").sku), 200),
);

app.openapi(
  createRoute({
    method: "get",
    path: "/v1/admin/stock/{sku}/movements",
    operationId: "listStockMovements",
    tags: ["Stock"],
    summary: "The journal of one SKU, newest first",
    security: [{ bearer: [] }],
    request: { params: SkuPath, query: z.object({ limit: PageLimit, cursor: z.string().max(200).optional() }) },
    responses: {
      200: jsonContent(z.strictObject({ items: z.array(MovementJson), next_cursor: z.string().nullable() }), "A page"),
      ...problemResponses(400, 401, 403, 404),
    },
  }),
  async (c) => {
    const { sku } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(z.int().min(1), cursor);
    const movements = await readMovements(c.env, sku, before, limit);
    if (movements === undefined) throw unknownSku(sku);
    const last = movements.length === limit ? movements.at(-1) : undefined;
    const next = last === undefined || last.sequence === 1 ? null : encodeCursor(last.sequence);
    return c.json({ items: movements.map(movementJson), next_cursor: next }, 200);
  },
);

app.openapi(
  createRoute({
    method: "post",
    path: "/v1/admin/stock/{sku}/receipts",
    operationId: "receiveStock",
    tags: ["Stock"],
    summary: "Units came in",
    description: "Orders that wait for this SKU are filled first.",
    security: [{ bearer: [] }],
    request: { params: SkuPath, headers: KeyHeader, body: jsonBody(ReceiptBody) },
    responses: { 201: jsonContent(StockJson, "The stock after it"), ...problemResponses(400, 401, 403, 404, 422) },
  }),
  async (c) => {
    const { quantity, location, reference } = c.req.valid("json");
    const command = { key: keyOf(c), quantity, location: location ?? null, reference: reference ?? null };
    const receive: StockChange = (stock, opening) => stock.receive(command, c.get("context"), opening);
    return c.json(await changeStock(c, c.req.valid("param").sku, receive), 201);
  },
);

app.openapi(
  createRoute({
    method: "post",
    path: "/v1/admin/stock/{sku}/adjustments",
    operationId: "adjustStock",
    tags: ["Stock"],
    summary: "Correct what is on hand, up or down",
    description: "Never takes units that are promised to orders.",
    security: [{ bearer: [] }],
    request: { params: SkuPath, headers: KeyHeader, body: jsonBody(AdjustmentBody) },
    responses: { 201: jsonContent(StockJson, "The stock after it"), ...problemResponses(400, 401, 403, 404, 409, 422) },
  }),
  async (c) => {
    const { quantity, location, reason } = c.req.valid("json");
    const command = { key: keyOf(c), quantity, location: location ?? null, reference: reason };
    const adjust: StockChange = (stock, opening) => stock.adjust(command, c.get("context"), opening);
    return c.json(await changeStock(c, c.req.valid("param").sku, adjust), 201);
  },
);

app.openapi(
  createRoute({
    method: "put",
    path: "/v1/admin/stock/{sku}/policy",
    operationId: "setStockPolicy",
    tags: ["Stock"],
    summary: "Whether a SKU may be sold beyond what is on hand",
    security: [{ bearer: [] }],
    request: { params: SkuPath, body: jsonBody(PolicyBody) },
    responses: { 200: jsonContent(StockJson, "The stock"), ...problemResponses(400, 401, 403, 404, 422) },
  }),
  async (c) => {
    const { backorderable } = c.req.valid("json");
    const context = c.get("context");
    const set: StockChange = (stock, opening) => stock.setBackorderable(backorderable, context, opening);
    return c.json(await changeStock(c, c.req.valid("param").sku, set), 200);
  },
);

addRecoveryRoute(app);

describeService(app, "inventory", { database: (env) => checkDatabase(env.DATABASE) });

/** @throws ProblemError 404 `unknown_sku` */
async function stockOf(env: Env, sku: string) {
  const report = await readStock(env, sku);
  if (report === undefined) throw unknownSku(sku);
  return stockJson(sku, report);
}

type StockChange = (stock: SkuStockApi, opening: Opening | null) => Promise<Result<null, StockRefusal | Unopened>>;

/** The stock after a change, which is noted without its journal: movements carry words of operators, and say the same. */
async function changeStock(c: ServiceContext<Env>, sku: string, change: StockChange) {
  const { movements: _before, ...before } = await stockOf(c.env, sku);
  const { openings } = await readOpenings(c.env, [sku]);
  acceptOrThrow(sku, await touchStock(c.env, sku, openings, change));
  const stock = await stockOf(c.env, sku);
  const { movements: _after, ...after } = stock;
  noteDifference(c, before, after);
  return stock;
}

function acceptOrThrow(sku: string, result: Result<null, StockRefusal>): void {
  if (!result.ok) throw new ProblemError(stockProblem(sku, result.error));
}

/** The gateway asks for the header too; a service reached another way must not change stock twice either. */
function keyOf(c: { readonly req: { header(name: string): string | undefined } }): string {
  const key = c.req.header("idempotency-key");
  if (key !== undefined) return key;
  throw new ProblemError({
    status: 400,
    code: "idempotency_key_required",
    detail: "Send an Idempotency-Key header, so that a repeated request changes stock once.",
  });
}
