/**
 * `/v1/shipping-options`: what sending a parcel costs, before there is a cart. A product page shows its cheapest option;
 * the cart's own list, with its real lines and address, is in carts.ts.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { CartLine, ShopPolicy } from "../../../durable-objects/checkout-partition/contract.ts";
import { offeredOptions } from "../../../durable-objects/checkout-partition/price-cart.ts";
import { systemClock } from "../../shared/clock.ts";
import { jsonContent, problemResponses } from "../../shared/http.ts";
import { AMOUNT_MAX_MINOR, CurrencyCode, MoneyJson, moneyJson } from "../../shared/money.ts";
import { ShippingOptionJson, shippingOptionJson } from "../cart-json.ts";
import { configuration } from "../configuration.ts";
import { CountryCode } from "../countries.ts";
import { readPolicy } from "../shop-policy.ts";
import type { OrdersApp } from "./request.ts";

/** Rates change rarely, and the cart asks again; an estimate may be this old. */
const CACHE_CONTROL = "public, max-age=60";
const PARCEL_GRAMS_MAX = 100_000_000;

const EstimateOptionJson = ShippingOptionJson.extend({
  free_above: MoneyJson.nullable().openapi({ description: "Subtotal from which this option costs nothing; null: never." }),
}).openapi("ShippingEstimateOption");

const route = createRoute({
  method: "get",
  path: "/v1/shipping-options",
  operationId: "estimateShipping",
  tags: ["Carts"],
  summary: "How a parcel could be shipped to a country, and for how much",
  description: "Cheapest first. An estimate for one parcel; a cart's own options count all of its lines.",
  request: {
    query: z.object({
      country: CountryCode,
      currency: CurrencyCode.default(configuration.SHOP_CURRENCY),
      subtotal_minor: z.coerce.number().int().min(0).max(AMOUNT_MAX_MINOR).default(0),
      weight_grams: z.coerce.number().int().min(0).max(PARCEL_GRAMS_MAX).default(0),
    }),
  },
  responses: {
    200: jsonContent(z.object({ items: z.array(EstimateOptionJson), next_cursor: z.null() }), "The options"),
    ...problemResponses(400, 503),
  },
});

export function registerShippingOptionRoutes(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const policy = await readPolicy(c.env.DATABASE, systemClock.now());
    const items = estimateOptions(policy, c.req.valid("query"));
    return c.json({ items, next_cursor: null }, 200, { "cache-control": CACHE_CONTROL });
  });
}

interface Parcel {
  readonly country: string;
  readonly currency: string;
  readonly subtotal_minor: number;
  readonly weight_grams: number;
}

/** Prices a parcel by the rule that prices carts, so that the estimate and the till agree. */
function estimateOptions(policy: ShopPolicy, parcel: Parcel): z.infer<typeof EstimateOptionJson>[] {
  const { country, currency } = parcel;
  const options = offeredOptions({ lines: [parcelLine(parcel)], currency, country, shippingOptionId: null }, policy);
  return options.map((option) => {
    const freeAboveMinor = policy.shippingRates.find((rate) => rate.id === option.id)?.freeAboveMinor[currency];
    const freeAbove = freeAboveMinor === undefined ? null : moneyJson(freeAboveMinor, currency);
    return { ...shippingOptionJson(option), free_above: freeAbove };
  });
}

function parcelLine(parcel: Parcel): CartLine {
  const quote = {
    sku: "PARCEL",
    productId: "",
    handle: "",
    title: "",
    unitPriceMinor: parcel.subtotal_minor,
    currency: parcel.currency,
    weightGrams: parcel.weight_grams,
    requiresShipping: true,
    taxable: true,
    image: null,
  };
  return { quote, quantity: 1 };
}
