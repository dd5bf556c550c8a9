/** What each expected failure of carts, checkout and orders says over HTTP. One exhaustive switch per union. Pure. */
import type {
  CancelError,
  CannotShip,
  CartError,
  CartTooLarge,
  CheckoutError,
  RefundError,
  ShipError,
  TooManyLines,
} from "../../durable-objects/checkout-partition/contract.ts";
import type { Unavailable } from "../shared/call-peer.ts";
import { type Problem, ProblemError } from "../shared/problem.ts";
import type { Result } from "../shared/result.ts";
import { totalsJson } from "./cart-json.ts";

export type LineRefusal =
  | { readonly code: "unknown_sku"; readonly skus: readonly string[] }
  | { readonly code: "not_for_sale"; readonly skus: readonly string[] }
  | { readonly code: "no_price_in_currency"; readonly skus: readonly string[] };

export type CartFailure = CartError | TooManyLines | CartTooLarge | CannotShip | LineRefusal | Unavailable;
export type CheckoutFailure = Exclude<CheckoutError, { readonly code: "checkout_pending" }>;
export type OrderFailure =
  | RefundError
  | CancelError
  | ShipError
  | { readonly code: "not_completable"; readonly status: string }
  | Unavailable;

const RETRY_SOON = { "retry-after": "1" };

/** The value, or the failure as a problem. @throws ProblemError */
export function valueOrProblem<T, E extends { readonly code: string }>(
  result: Result<T, E>,
  problemOf: (error: E) => Problem,
): T {
  if (result.ok) return result.value;
  throw new ProblemError(problemOf(result.error));
}

export function unavailableProblem(error: Unavailable): Problem {
  return {
    status: 503,
    code: "service_unavailable",
    detail: "A part of the shop does not answer right now. Try again in a moment; nothing is charged twice.",
    extensions: { service: error.service.split(" ")[0] ?? error.service },
    headers: RETRY_SOON,
  };
}

export function cartProblem(error: CartFailure): Problem {
  switch (error.code) {
    case "cart_expired":
      return { status: 410, code: "cart_expired", detail: "This cart has expired. Create a new one." };
    case "cart_already_ordered":
      return {
        status: 409,
        code: "cart_already_ordered",
        detail: "This cart has become an order and cannot change. Create a new cart.",
        extensions: { order_id: error.orderId },
      };
    case "checkout_in_progress":
      return {
        status: 409,
        code: "checkout_in_progress",
        detail: "A checkout of this cart is running. Wait for its answer.",
        headers: RETRY_SOON,
      };
    case "too_many_lines":
      return { status: 422, code: "too_many_lines", detail: `A cart holds at most ${error.max} different SKUs.` };
    case "cart_too_large":
      return tooLargeProblem(error);
    case "shipping_option_unavailable":
      return shippingOptionProblem(error);
    case "unknown_sku":
    case "not_for_sale":
    case "no_price_in_currency":
      return lineProblem(error);
    case "unavailable":
      return unavailableProblem(error);
  }
}

function lineProblem(error: LineRefusal): Problem {
  switch (error.code) {
    case "unknown_sku":
      return refusedSkus(404, error, "There is no product with this SKU.");
    case "not_for_sale":
      return refusedSkus(409, error, "This product is not for sale at the moment.");
    case "no_price_in_currency":
      return refusedSkus(409, error, "This product has no price in the cart's currency.");
  }
}

function refusedSkus(
  status: number,
  error: { readonly code: string; readonly skus: readonly string[] },
  detail: string,
): Problem {
  return { status, code: error.code, detail, extensions: { skus: error.skus } };
}

const TOO_LARGE: Readonly<Record<CartTooLarge["what"], string>> = {
  total: "The cart's total may be at most",
  quantity: "One line of the cart may have at most this many units:",
  size: "The cart's stored form may have at most this many bytes:",
};

function tooLargeProblem(error: CartTooLarge): Problem {
  return {
    status: 422,
    code: "cart_too_large",
    detail: `${TOO_LARGE[error.what]} ${error.max}. Lower the quantities.`,
    extensions: { what: error.what, max: error.max },
  };
}

function shippingOptionProblem(error: CannotShip): Problem {
  return {
    status: 409,
    code: "shipping_option_unavailable",
    detail: "This shipping option does not serve the cart's address or currency. Choose one of its shipping options.",
    extensions: { shipping_option_id: error.optionId },
  };
}

export function checkoutProblem(error: CheckoutFailure): Problem {
  switch (error.code) {
    case "cart_expired":
    case "cart_already_ordered":
    case "checkout_in_progress":
    case "shipping_option_unavailable":
    case "cart_too_large":
    case "unavailable":
      return cartProblem(error);
    case "cart_empty":
      return { status: 409, code: "cart_empty", detail: "The cart has no lines. Add something first." };
    case "cart_incomplete":
      return {
        status: 409,
        code: "cart_incomplete",
        detail: `The cart lacks ${error.missing.join(", ")}. PATCH the cart first.`,
        extensions: { missing: error.missing },
      };
    case "price_changed":
      return {
        status: 409,
        code: "price_changed",
        detail: "Prices changed since the cart was filled. It shows the new ones; check out again with a new key to accept them.",
        extensions: { totals: totalsJson(error.totals, error.currency) },
      };
    case "sku_unavailable":
      return {
        status: 409,
        code: "sku_unavailable",
        detail: "Some products of the cart are no longer for sale. Remove them and check out again.",
        extensions: { skus: error.skus },
      };
    case "out_of_stock":
    case "payment_declined":
    case "payment_rejected":
      return refusalProblem(error);
    case "idempotency":
      return idempotencyProblem(error.decision);
  }
}

function refusalProblem(
  error: Extract<CheckoutFailure, { readonly code: "out_of_stock" | "payment_declined" | "payment_rejected" }>,
): Problem {
  switch (error.code) {
    case "out_of_stock":
      return {
        status: 409,
        code: "out_of_stock",
        detail: "There is not enough stock. Nothing was charged; `shortages` says what is left.",
        extensions: { shortages: error.shortages.map(({ sku, requested, available }) => ({ sku, requested, available })) },
      };
    case "payment_declined":
      return {
        status: 402,
        code: "payment_declined",
        detail: `${error.message} Nothing was charged; the cart is open again for another payment method and a new key.`,
        extensions: { decline_code: error.declineCode, order_id: error.orderId },
      };
    case "payment_rejected":
      return {
        status: 422,
        code: "payment_rejected",
        detail: `The payment provider refused the request: ${error.message}`,
      };
  }
}

function idempotencyProblem(decision: Extract<CheckoutFailure, { readonly code: "idempotency" }>["decision"]): Problem {
  switch (decision.kind) {
    case "in_flight":
      return {
        status: 409,
        code: "idempotency_key_in_flight",
        detail: "The first request with this Idempotency-Key is still running. Repeat it for its answer.",
        headers: { "retry-after": String(decision.retryAfterSeconds) },
      };
    case "other_body":
      return {
        status: 422,
        code: "idempotency_key_reused",
        detail: "This Idempotency-Key was used with another body. Use a new key for a new request.",
      };
  }
}

export function orderProblem(error: OrderFailure): Problem {
  switch (error.code) {
    case "order_unknown":
      return { status: 404, code: "not_found", detail: "No such order, or it is not yours." };
    case "not_refundable":
      return { status: 409, code: "not_refundable", detail: error.message };
    case "refund_exceeds_captured":
      return {
        status: 409,
        code: "refund_exceeds_captured",
        detail: `At most ${error.refundableMinor} minor units are left to refund.`,
        extensions: { refundable_minor: error.refundableMinor },
      };
    case "refund_lines_invalid":
      return { status: 422, code: "refund_lines_invalid", detail: error.message };
    case "key_reused":
      return idempotencyProblem({ kind: "other_body" });
    case "not_cancellable":
      return { status: 409, code: "not_cancellable", detail: `An order that is ${error.status} cannot be cancelled.` };
    case "not_shippable":
      return { status: 409, code: "not_shippable", detail: error.message };
    case "not_completable":
      return { status: 409, code: "not_completable", detail: `An order that is ${error.status} cannot be completed.` };
    case "unavailable":
      return unavailableProblem(error);
  }
}

export function unsupportedCurrency(currency: string, supported: readonly string[]): ProblemError {
  return new ProblemError({
    status: 422,
    code: "unsupported_currency",
    detail: `This shop does not sell in ${currency}. It sells in ${supported.join(", ")}.`,
    errors: [{ path: "currency", message: `must be one of ${supported.join(", ")}` }],
  });
}

export function idempotencyKeyRequired(): ProblemError {
  return new ProblemError({
    status: 400,
    code: "idempotency_key_required",
    detail: "Send an `Idempotency-Key` header of your choice, the same one when you repeat the request.",
    errors: [{ path: "idempotency-key", message: "is required" }],
  });
}
