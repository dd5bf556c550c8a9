/** What operators do to an order: refund, cancel, ship, complete. Each answers the order as it stands afterwards. */
import { createRoute, z } from "@hono/zod-openapi";
import type { CheckoutPartitionApi } from "../../../durable-objects/checkout-partition/contract.ts";
import { Quantity, Sku } from "../../inventory/contract.ts";
import { jsonBody, jsonContent, problemResponses, type ServiceContext } from "../../shared/http.ts";
import { sha256Hex } from "../../shared/idempotency.ts";
import { AmountMinor } from "../../shared/money.ts";
import { noteDifference } from "../../shared/privileged-act.ts";
import type { Result } from "../../shared/result.ts";
import { readOrder } from "../access.ts";
import { type CallKind, callPartition, partitionOfId } from "../call-partition.ts";
import type { Order } from "../contract.ts";
import type { Env } from "../env.ts";
import { AdminOrderJson, adminOrderJson, loggedOrderJson } from "../order-json.ts";
import { type OrderFailure, orderProblem, valueOrProblem } from "../problems.ts";
import {
  IdempotencyHeaders,
  OptionalIdempotencyHeaders,
  OrderParams,
  type OrdersApp,
  operatorOnly,
  PRIVATE,
  requiredKey,
} from "./request.ts";

const tags = ["Admin: orders"];
const ORDER_LINES_MAX = 1_000;

const Lines = z.array(z.strictObject({ sku: Sku, quantity: Quantity })).max(ORDER_LINES_MAX);
const shortText = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, "must be one line of printable text");

const RefundBody = z.strictObject({
  amount_minor: AmountMinor.min(1).optional().openapi({ description: "Absent: the lines' value, or all that is left." }),
  lines: Lines.min(1).optional(), // An empty list is a slip, not "everything": absent means all that is left.
  restock: z.boolean().default(false).openapi({ description: "Put the lines (or all lines) back into stock." }),
});
const CancelBody = z.strictObject({ reason: shortText.optional() });
const ShipmentBody = z.strictObject({
  carrier: shortText.optional(),
  tracking_number: shortText.optional(),
  lines: Lines.optional().openapi({ description: "Absent or empty: everything not yet shipped." }),
});

const responses = {
  200: jsonContent(AdminOrderJson, "The order"),
  ...problemResponses(400, 401, 403, 404, 409, 415, 422, 503),
};

function optionalBody<S extends z.ZodType>(schema: S) {
  return { required: false, content: { "application/json": { schema } } };
}

const refundRoute = createRoute({
  method: "post",
  middleware: operatorOnly("orders:write"),
  path: "/v1/admin/orders/{id}/refunds",
  operationId: "adminRefundOrder",
  tags,
  summary: "Refund an order, in part or whole",
  request: { params: OrderParams, headers: IdempotencyHeaders, body: jsonBody(RefundBody) },
  responses,
});

const cancelRoute = createRoute({
  method: "post",
  middleware: operatorOnly("orders:write"),
  path: "/v1/admin/orders/{id}/cancel",
  operationId: "adminCancelOrder",
  tags,
  summary: "Cancel an order: release or restock its stock, void or refund its payment",
  request: { params: OrderParams, body: optionalBody(CancelBody) },
  responses,
});

const shipRoute = createRoute({
  method: "post",
  middleware: operatorOnly("shipments:write"),
  path: "/v1/admin/orders/{id}/shipments",
  operationId: "adminShipOrder",
  tags,
  summary: "Record a shipment",
  request: { params: OrderParams, headers: OptionalIdempotencyHeaders, body: optionalBody(ShipmentBody) },
  responses,
});

const completeRoute = createRoute({
  method: "post",
  middleware: operatorOnly("orders:write"),
  path: "/v1/admin/orders/{id}/complete",
  operationId: "adminCompleteOrder",
  tags,
  summary: "Mark a fulfilled order as completed",
  request: { params: OrderParams },
  responses,
});

export function registerAdminOrderActionRoutes(app: OrdersApp): void {
  app.openapi(refundRoute, async (c) => {
    const { id: orderId } = c.req.valid("param");
    const idempotencyKey = requiredKey(c.req.valid("header"));
    const body = c.req.valid("json");
    const bodySha256 = await sha256Hex(JSON.stringify([orderId, body.amount_minor ?? null, body.lines ?? [], body.restock]));
    const { restock } = body;
    const command = {
      orderId,
      idempotencyKey,
      bodySha256,
      amountMinor: body.amount_minor ?? null,
      lines: body.lines ?? [],
      restock,
    };
    const order = await act(c, orderId, "keyed", (stub) => stub.refund(command, c.var.context));
    return c.json(adminOrderJson(order), 200, PRIVATE);
  });

  app.openapi(cancelRoute, async (c) => {
    const { id } = c.req.valid("param");
    const reason = c.req.valid("json").reason ?? "cancelled by the shop";
    const order = await act(c, id, "keyed", (stub) => stub.cancel(id, reason, c.var.context));
    return c.json(adminOrderJson(order), 200, PRIVATE);
  });

  app.openapi(shipRoute, async (c) => {
    const { id: orderId } = c.req.valid("param");
    const idempotencyKey = c.req.valid("header")["idempotency-key"] ?? crypto.randomUUID();
    const { carrier = null, tracking_number: trackingNumber = null, lines = [] } = c.req.valid("json");
    const command = { orderId, idempotencyKey, carrier, trackingNumber, lines };
    const order = await act(c, orderId, "keyed", (stub) => stub.ship(command, c.var.context));
    return c.json(adminOrderJson(order), 200, PRIVATE);
  });

  app.openapi(completeRoute, async (c) => {
    const { id } = c.req.valid("param");
    const order = await act(c, id, "command", (stub) => stub.complete(id, c.var.context));
    return c.json(adminOrderJson(order), 200, PRIVATE);
  });
}

/** The order after an act, which is noted. @throws ProblemError */
async function act<E extends OrderFailure>(
  c: ServiceContext<Env>,
  orderId: string,
  kind: CallKind,
  call: (stub: CheckoutPartitionApi) => Promise<Result<Order, E>>,
): Promise<Order> {
  const before = valueOrProblem(await readOrder(c.env, orderId), orderProblem);
  const after = valueOrProblem<Order, OrderFailure>(await callPartition(c.env, partitionOfId(orderId), kind, call), orderProblem);
  noteDifference(c, loggedOrderJson(before), loggedOrderJson(after));
  return after;
}
