/**
 * Checks a cart out: quotes it afresh and hands it to its partition, whose transaction holds the idempotency protocol.
 * An answer that got lost is asked for again with the same key: the partition gives the outcome that it has stored.
 */
import type { CheckoutCommand, CheckoutOutcome } from "../../durable-objects/checkout-partition/contract.ts";
import type { Unavailable } from "../shared/call-peer.ts";
import { issueCapabilityToken } from "../shared/capability-token.ts";
import { sha256Hex } from "../shared/idempotency.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";
import { readCart, readOrder } from "./access.ts";
import { callPartition, partitionOfId } from "./call-partition.ts";
import type { Order } from "./contract.ts";
import type { Env } from "./env.ts";
import { paymentReturnUrl } from "./payment-return.ts";
import type { CheckoutFailure } from "./problems.ts";
import { QUOTES_SERVICE, quoteNow } from "./quote-lines.ts";
import { forgetCart, type SeenCart, seenCart, viewCart } from "./seen-carts.ts";
import { readPolicy } from "./shop-policy.ts";

export interface CheckoutRequest {
  readonly cartId: string;
  readonly idempotencyKey: string;
  readonly paymentMethod: string;
  /** Where the shop wants the shopper after 3-D Secure; checked to be an allowed origin. */
  readonly returnUrl: string | undefined;
}

export interface CheckoutReply {
  /** `pending`: the saga goes on by itself. */
  readonly state: "placed" | "action_required" | "pending";
  readonly order: Order;
  readonly token: string;
  readonly redirectUrl: string | null;
}

/** Success and refusal alike say whether this key's answer was given before. */
export interface CheckoutAnswered {
  readonly result: Result<CheckoutReply, CheckoutFailure>;
  readonly replayed: boolean;
}

export async function checkoutCart(
  env: Env,
  request: CheckoutRequest,
  context: CallContext,
  nowMs: number,
): Promise<CheckoutAnswered> {
  const { cartId } = request;
  const seen = seenCart(cartId);
  forgetCart(cartId);
  if (seen !== undefined) {
    const answered = await checkoutAs(env, request, seen, context, nowMs);
    if (answered.result.ok || !mayBeOutdated(seen, answered.result.error)) return answered;
  }
  const cart = await readCart(env, cartId);
  if (!cart.ok) return { result: cart, replayed: false };
  return await checkoutAs(env, request, viewCart(cart.value), context, nowMs);
}

/** Another isolate changed the lines, or the cart is ordered by now and needs no prices: nothing was done, look and ask again. */
function mayBeOutdated(seen: SeenCart, failure: CheckoutFailure): boolean {
  if (failure.code === "sku_unavailable") return failure.skus.some((sku) => !seen.skus.includes(sku));
  return failure.code === "unavailable" && failure.service === QUOTES_SERVICE;
}

/** @param cart for which prices are asked. */
async function checkoutAs(
  env: Env,
  request: CheckoutRequest,
  cart: SeenCart,
  context: CallContext,
  nowMs: number,
): Promise<CheckoutAnswered> {
  const command = await checkoutCommand(env, request, cart, context, nowMs);
  if (!command.ok) return { result: command, replayed: false };
  let replayed = false;
  const answer = await callPartition(env, partitionOfId(request.cartId), "keyed", async (stub) => {
    const answered = await stub.checkout(command.value, context);
    replayed = answered.replayed === true || (answered.ok && answered.value.replayed);
    return answered;
  });
  if (answer.ok) return { result: ok(await reply(env, answer.value)), replayed };
  if (answer.error.code !== "checkout_pending") return { result: err(answer.error), replayed };
  return { result: await pendingReply(env, answer.error.orderId), replayed };
}

async function checkoutCommand(
  env: Env,
  request: CheckoutRequest,
  cart: SeenCart,
  context: CallContext,
  nowMs: number,
): Promise<Result<CheckoutCommand, Unavailable>> {
  // An ordered cart can only be replayed or refused: it has no SKUs to price, and it does not matter whether catalog is there.
  const quoted = await quoteNow(env, cart.skus, cart.currency, context);
  if (!quoted.ok) return quoted;
  return ok({
    cartId: request.cartId,
    idempotencyKey: request.idempotencyKey,
    bodySha256: await sha256Hex(JSON.stringify([request.cartId, request.paymentMethod, request.returnUrl ?? null])),
    paymentMethod: request.paymentMethod,
    returnUrl: paymentReturnUrl(env.PUBLIC_URL, request.returnUrl),
    quotes: quoted.value.quotes,
    policy: await readPolicy(env.DATABASE, nowMs),
  });
}

async function reply(env: Env, outcome: CheckoutOutcome): Promise<CheckoutReply> {
  return {
    state: replyState(outcome),
    order: outcome.order,
    token: await issueCapabilityToken(env.CAPABILITY_SECRET, outcome.order.id),
    redirectUrl: outcome.redirectUrl,
  };
}

function replyState(outcome: CheckoutOutcome): CheckoutReply["state"] {
  if (outcome.redirectUrl !== null) return "action_required";
  const open = outcome.order.status === "submitted" || outcome.order.status === "awaiting_payment";
  return open ? "pending" : "placed";
}

/** The saga could not end in time (a peer is away): the shopper gets the order as it stands and may ask for it. */
async function pendingReply(env: Env, orderId: string): Promise<Result<CheckoutReply, CheckoutFailure>> {
  const order = await readOrder(env, orderId);
  if (order.ok)
    return ok({ ...(await reply(env, { order: order.value, replayed: false, redirectUrl: null })), state: "pending" });
  if (order.error.code === "unavailable") return err(order.error);
  throw new Error(`a pending checkout names an order that does not exist: ${orderId}`);
}
