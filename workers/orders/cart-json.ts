/** Carts as the public API shows them. Pure. */
import { z } from "@hono/zod-openapi";
import type { Cart, ShippingOption } from "../../durable-objects/checkout-partition/contract.ts";
import { isoTime } from "../shared/clock.ts";
import { MoneyJson, moneyJson } from "../shared/money.ts";
import { AddressJson, addressJson } from "./address-json.ts";
import type { OrderTotals } from "./contract.ts";

export const TotalsJson = z
  .object({ subtotal: MoneyJson, discount: MoneyJson, shipping: MoneyJson, tax: MoneyJson, total: MoneyJson })
  .openapi("Totals", {
    description:
      "`subtotal` is the sum of the lines at their listed prices. Where prices include tax, `tax` is the part contained in " +
      "them and adds nothing to `total`.",
  });

export function totalsJson(totals: OrderTotals, currency: string): z.infer<typeof TotalsJson> {
  return {
    subtotal: moneyJson(totals.subtotalMinor, currency),
    discount: moneyJson(totals.discountMinor, currency),
    shipping: moneyJson(totals.shippingMinor, currency),
    tax: moneyJson(totals.taxMinor, currency),
    total: moneyJson(totals.totalMinor, currency),
  };
}

export const CartJson = z
  .object({
    id: z.string(),
    state: z.enum(["open", "frozen", "ordered"]),
    currency: z.string(),
    email: z.string().nullable(),
    lines: z.array(
      z.object({
        sku: z.string(),
        product_id: z.string(),
        handle: z.string(),
        title: z.string(),
        image: z.string().nullable(),
        quantity: z.int(),
        unit_price: MoneyJson,
        total: MoneyJson,
      }),
    ),
    shipping_address: AddressJson.nullable(),
    shipping_option_id: z.string().nullable(),
    totals: TotalsJson,
    order_id: z.string().nullable(),
    expires_at: z.iso.datetime(),
  })
  .openapi("Cart");

export const ReadCartJson = CartJson.extend({
  order_token: z
    .string()
    .nullable()
    .openapi({ description: "Opens the order that the cart became: for a shopper who lost the checkout's answer." }),
}).openapi("ReadCart");

export const NewCartJson = CartJson.extend({
  token: z.string().openapi({ description: "Opens this cart: send it as `Cart-Token`. It is shown only here." }),
}).openapi("NewCart");

export function cartJson(cart: Cart): z.infer<typeof CartJson> {
  return {
    id: cart.id,
    state: cart.state,
    currency: cart.currency,
    email: cart.email,
    lines: cart.lines.map(({ quote, quantity }) => ({
      sku: quote.sku,
      product_id: quote.productId,
      handle: quote.handle,
      title: quote.title,
      image: quote.image,
      quantity,
      unit_price: moneyJson(quote.unitPriceMinor, cart.currency),
      total: moneyJson(quote.unitPriceMinor * quantity, cart.currency),
    })),
    shipping_address: cart.shippingAddress === null ? null : addressJson(cart.shippingAddress),
    shipping_option_id: cart.shippingOptionId,
    totals: totalsJson(cart.totals, cart.currency),
    order_id: cart.orderId,
    expires_at: isoTime(cart.expiresAtMs),
  };
}

export const ShippingOptionJson = z
  .object({ id: z.string(), name: z.string(), price: MoneyJson, estimated_days: z.int() })
  .openapi("ShippingOption");

export function shippingOptionJson(option: ShippingOption): z.infer<typeof ShippingOptionJson> {
  return {
    id: option.id,
    name: option.name,
    price: moneyJson(option.priceMinor, option.currency),
    estimated_days: option.estimatedDays,
  };
}
