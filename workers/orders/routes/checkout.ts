/** `POST /v1/carts/{id}/checkout`: the main job's HTTP face. The idempotency protocol lives in the partition. */
import { createRoute, z } from "@hono/zod-openapi";
import { systemClock } from "../../shared/clock.ts";
import { jsonBody, jsonContent, problemResponses } from "../../shared/http.ts";
import { problemResponse } from "../../shared/problem.ts";
import { unreachable } from "../../shared/result.ts";
import { requireCartAccess } from "../access.ts";
import { type CheckoutReply, checkoutCart } from "../checkout-cart.ts";
import { returnOrigins } from "../configuration.ts";
import { NextAction, OrderJson, orderJson } from "../order-json.ts";
import { returnUrlSchema } from "../payment-return.ts";
import { checkoutProblem } from "../problems.ts";
import { CartParams, IdempotencyHeaders, type OrdersApp, PRIVATE, requiredKey } from "./request.ts";

const REPLAYED = { "idempotent-replayed": "true" } as const;

const CheckoutBody = z.strictObject({
  payment_method: z.string().regex(/^[A-Za-z0-9_]{3,128}$/, "must be a payment method id such as pm_card_visa"),
  return_url: returnUrlSchema(returnOrigins)
    .optional()
    .openapi({ description: "Where the shopper goes after 3-D Secure; on an origin of this shop." }),
});

const PlacedJson = z
  .object({ order: OrderJson, token: z.string().openapi({ description: "Opens the order: send it as `Order-Token`." }) })
  .openapi("PlacedCheckout");

const PendingJson = PlacedJson.extend({
  next_action: NextAction.nullable().openapi({
    description: "What the shopper must do. Null: nothing, the order is still being placed; read it until its status changes.",
  }),
}).openapi("PendingCheckout");

const checkoutRoute = createRoute({
  method: "post",
  path: "/v1/carts/{id}/checkout",
  operationId: "checkoutCart",
  tags: ["Checkout"],
  summary: "Place the order: stock is held, the payment is taken, the order is placed, or none of it",
  description:
    "Repeat with the same `Idempotency-Key` after a lost answer or a 5xx: the first outcome comes again with " +
    "`Idempotent-Replayed: true`, refusals included. Take a new key after changing the cart or the payment method.",
  request: { params: CartParams, headers: IdempotencyHeaders, body: jsonBody(CheckoutBody) },
  responses: {
    201: jsonContent(PlacedJson, "Placed"),
    202: jsonContent(PendingJson, "The shopper must act, or the order is still being placed"),
    ...problemResponses(400, 402, 404, 409, 410, 415, 422, 503),
  },
});

export function registerCheckoutRoutes(app: OrdersApp): void {
  app.openapi(checkoutRoute, async (c) => {
    const { id } = c.req.valid("param");
    const idempotencyKey = requiredKey(c.req.valid("header"));
    await requireCartAccess(c.env, c.var.principal, id);
    const { payment_method: paymentMethod, return_url: returnUrl } = c.req.valid("json");
    const request = { cartId: id, idempotencyKey, paymentMethod, returnUrl };
    const { result, replayed } = await checkoutCart(c.env, request, c.var.context, systemClock.now());
    const headers = { ...PRIVATE, ...(replayed ? REPLAYED : {}) };
    if (!result.ok) return refusal(checkoutProblem(result.error), headers);
    const { order, token, state } = result.value;
    if (state === "placed") return c.json({ order: orderJson(order), token }, 201, headers);
    return c.json({ order: orderJson(order), token, next_action: nextAction(result.value) }, 202, headers);
  });
}

function nextAction(reply: CheckoutReply): z.infer<typeof NextAction> | null {
  switch (reply.state) {
    case "action_required":
      return reply.redirectUrl === null ? null : { type: "redirect", url: reply.redirectUrl };
    case "pending":
    case "placed":
      return null;
    default:
      return unreachable(reply.state);
  }
}

/** Typed as never, because the problems are declared by `problemResponses` and not by the handler's return type. */
function refusal(problem: Parameters<typeof problemResponse>[0], headers: Readonly<Record<string, string>>): never {
  return problemResponse({ ...problem, headers: { ...problem.headers, ...headers } }) as never;
}
