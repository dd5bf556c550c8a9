/** Orders as the public API shows them, to their owner and to operators. Pure. */
import { z } from "@hono/zod-openapi";
import { isoTime } from "../shared/clock.ts";
import { MoneyJson, moneyJson } from "../shared/money.ts";
import { AddressJson, addressJson } from "./address-json.ts";
import { TotalsJson, totalsJson } from "./cart-json.ts";
import { ORDER_STATUSES, type Order } from "./contract.ts";

const SkuQuantityJson = z.object({ sku: z.string(), quantity: z.int() });

const orderFields = {
  id: z.string(),
  number: z.string().nullable().openapi({ description: "What people quote; null until the order is placed." }),
  status: z.enum(ORDER_STATUSES),
  email: z.string(),
  currency: z.string(),
  lines: z.array(SkuQuantityJson.extend({ product_id: z.string(), title: z.string(), unit_price: MoneyJson, total: MoneyJson })),
  totals: TotalsJson,
  tax_included: z.boolean(),
  tax_rate_basis_points: z.int(),
  shipping_address: AddressJson,
  shipping_option: z.object({ id: z.string(), name: z.string() }),
  payment: z.object({ status: z.string(), amount: MoneyJson, refunded: MoneyJson }),
  refunds: z.array(
    z.object({
      id: z.string(),
      amount: MoneyJson,
      lines: z.array(SkuQuantityJson.extend({ amount: MoneyJson })),
      restocked: z.boolean(),
      at: z.iso.datetime(),
    }),
  ),
  shipments: z.array(
    z.object({
      id: z.string(),
      carrier: z.string().nullable(),
      tracking_number: z.string().nullable(),
      lines: z.array(SkuQuantityJson),
      at: z.iso.datetime(),
    }),
  ),
  timeline: z.array(z.object({ type: z.string(), at: z.iso.datetime() })),
  cart_id: z.string(),
  failure_reason: z.string().nullable().openapi({ description: "A code: why an order with status `failed` did not come about." }),
  hold_expires_at: z.iso.datetime().nullable().openapi({ description: "Until when stock is kept while payment is awaited." }),
  created_at: z.iso.datetime(),
};

export const NextAction = z.object({ type: z.literal("redirect"), url: z.url() });

export const OrderJson = z
  .object({
    ...orderFields,
    next_action: NextAction.nullable().openapi({ description: "What the shopper must do while payment is awaited." }),
  })
  .openapi("Order");

/** What an operator sees besides. */
export const AdminOrderJson = z
  .object({
    ...orderFields,
    customer_id: z.string().nullable(),
    payment_id: z.string().nullable(),
  })
  .openapi("AdminOrder");

function refundsJson(order: Order) {
  return order.refunds.map((refund) => ({
    id: refund.id,
    amount: moneyJson(refund.amountMinor, order.currency),
    lines: refund.lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      amount: moneyJson(line.amountMinor, order.currency),
    })),
    restocked: refund.restocked,
    at: isoTime(refund.atMs),
  }));
}

function shipmentsJson(order: Order) {
  return order.shipments.map((shipment) => ({
    id: shipment.id,
    carrier: shipment.carrier,
    tracking_number: shipment.trackingNumber,
    lines: shipment.lines.map((line) => ({ sku: line.sku, quantity: line.quantity })),
    at: isoTime(shipment.atMs),
  }));
}

export function orderJson(order: Order): z.infer<typeof OrderJson> {
  const url = order.awaitedPayment?.redirectUrl ?? null;
  return { ...sharedJson(order), next_action: url === null ? null : { type: "redirect", url } };
}

/** What owners and operators see alike. The address of the awaited payment is the shopper's alone. */
function sharedJson(order: Order): z.infer<z.ZodObject<typeof orderFields>> {
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    email: order.email,
    currency: order.currency,
    lines: order.lines.map((line) => ({
      sku: line.sku,
      product_id: line.productId,
      title: line.title,
      quantity: line.quantity,
      unit_price: moneyJson(line.unitPriceMinor, order.currency),
      total: moneyJson(line.totalMinor, order.currency),
    })),
    totals: totalsJson(order.totals, order.currency),
    tax_included: order.taxIncluded,
    tax_rate_basis_points: order.taxRateBasisPoints,
    shipping_address: addressJson(order.shippingAddress),
    shipping_option: { id: order.shippingOption.id, name: order.shippingOption.name },
    payment: {
      status: order.payment.status,
      amount: moneyJson(order.payment.amountMinor, order.currency),
      refunded: moneyJson(order.payment.refundedMinor, order.currency),
    },
    refunds: refundsJson(order),
    shipments: shipmentsJson(order),
    timeline: order.timeline.map((entry) => ({ type: entry.type, at: isoTime(entry.atMs) })),
    cart_id: order.cartId,
    failure_reason: order.status === "failed" ? order.failureReason : null,
    hold_expires_at: order.awaitedPayment === null ? null : isoTime(order.awaitedPayment.expiresAtMs),
    created_at: isoTime(order.createdAtMs),
  };
}

/** What the log of privileged acts may keep of an order: nobody's address, and no word of an operator's, as a reason is. */
export function loggedOrderJson(order: Order) {
  const { status, payment, refunds, shipments } = sharedJson(order);
  return { status, payment, refunds, shipments: shipments.map(({ id, lines }) => ({ id, lines })) };
}

export function adminOrderJson(order: Order): z.infer<typeof AdminOrderJson> {
  return {
    ...sharedJson(order),
    customer_id: order.customerId,
    payment_id: order.payment.paymentId,
    failure_reason: order.failureReason,
  };
}
