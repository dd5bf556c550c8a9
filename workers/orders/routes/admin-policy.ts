/** `/v1/admin/shipping-rates` and `/v1/admin/tax-rates`: read, and replace as a whole. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ShippingRate, TaxRate } from "../../../durable-objects/checkout-partition/contract.ts";
import { jsonBody, jsonContent, problemResponses } from "../../shared/http.ts";
import { AmountMinor, CurrencyCode } from "../../shared/money.ts";
import { noteDifference } from "../../shared/privileged-act.ts";
import { configuration } from "../configuration.ts";
import { CountryCode } from "../countries.ts";
import { loadPolicy, replaceShippingRates, replaceTaxRates } from "../shop-policy.ts";
import { type OrdersApp, operatorOnly, PRIVATE } from "./request.ts";

const tags = ["Admin: settings"];
const RATES_MAX = 200;
const COUNTRIES_MAX = 250;

/** `{ "GBP": 399 }`: minor units per currency that the shop sells in. */
const Prices = z
  .record(CurrencyCode, AmountMinor)
  .refine(
    (prices) => Object.keys(prices).every((currency) => configuration.SHOP_CURRENCIES.includes(currency)),
    "has a currency that the shop does not sell in",
  );

function allDifferent(field: string) {
  return (list: readonly object[]) => new Set(list.map((item) => Reflect.get(item, field))).size === list.length;
}

const ShippingRateJson = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be lower-case letters, digits and hyphens"),
    name: z.string().trim().min(1).max(100),
    kind: z.enum(["flat", "weight"]),
    countries: z.array(CountryCode).max(COUNTRIES_MAX).openapi({ description: "Empty: everywhere." }),
    prices: Prices.openapi({ description: "Flat price or base price; a currency without one is not offered." }),
    prices_per_kilogram: Prices.default({}).openapi({ description: "Per started kilogram, for `weight`." }),
    free_above: Prices.default({}).openapi({ description: "Subtotal from which it is free." }),
    estimated_days: z.int().min(0).max(365),
  })
  .openapi("ShippingRate");

const TaxRateJson = z
  .strictObject({
    country: CountryCode,
    rate_basis_points: z.int().min(0).max(10_000).openapi({ description: "2000 = 20 %." }),
    included: z.boolean().openapi({ description: "Listed prices contain the tax, or it comes on top." }),
  })
  .openapi("TaxRate");

const ShippingRatesJson = z.strictObject({
  items: z.array(ShippingRateJson).max(RATES_MAX).refine(allDifferent("id"), "has two rates with the same id"),
});
const TaxRatesJson = z.strictObject({
  items: z.array(TaxRateJson).max(COUNTRIES_MAX).refine(allDifferent("country"), "has two rates for the same country"),
});

const ShippingRateList = z.object({ items: z.array(ShippingRateJson), next_cursor: z.null() });
const TaxRateList = z.object({ items: z.array(TaxRateJson), next_cursor: z.null() });

function shippingRateJson(rate: ShippingRate): z.infer<typeof ShippingRateJson> {
  return {
    id: rate.id,
    name: rate.name,
    kind: rate.kind,
    countries: [...rate.countries],
    prices: rate.prices,
    prices_per_kilogram: rate.pricesPerKilogram,
    free_above: rate.freeAboveMinor,
    estimated_days: rate.estimatedDays,
  };
}

function shippingRateFromJson(json: z.infer<typeof ShippingRateJson>): ShippingRate {
  const { prices_per_kilogram: pricesPerKilogram, free_above: freeAboveMinor, estimated_days: estimatedDays, ...rate } = json;
  return { ...rate, pricesPerKilogram, freeAboveMinor, estimatedDays };
}

function taxRateJson(rate: TaxRate): z.infer<typeof TaxRateJson> {
  return { country: rate.country, rate_basis_points: rate.rateBasisPoints, included: rate.included };
}

const reads = problemResponses(401, 403, 503);
const writes = problemResponses(400, 401, 403, 415, 422, 503);
const shippingRates = { path: "/v1/admin/shipping-rates", tags } as const;
const taxRates = { path: "/v1/admin/tax-rates", tags } as const;

const readShippingRoute = createRoute({
  ...shippingRates,
  method: "get",
  middleware: operatorOnly("settings:read"),
  operationId: "adminListShippingRates",
  summary: "The shop's shipping rates, in the order that shoppers see",
  responses: { 200: jsonContent(ShippingRateList, "All rates"), ...reads },
});

const putShippingRoute = createRoute({
  ...shippingRates,
  method: "put",
  middleware: operatorOnly("settings:write"),
  operationId: "adminReplaceShippingRates",
  summary: "Replace all shipping rates",
  request: { body: jsonBody(ShippingRatesJson) },
  responses: { 200: jsonContent(ShippingRateList, "All rates"), ...writes },
});

const readTaxRoute = createRoute({
  ...taxRates,
  method: "get",
  middleware: operatorOnly("settings:read"),
  operationId: "adminListTaxRates",
  summary: "The shop's tax rates by country",
  responses: { 200: jsonContent(TaxRateList, "All rates"), ...reads },
});

const putTaxRoute = createRoute({
  ...taxRates,
  method: "put",
  middleware: operatorOnly("settings:write"),
  operationId: "adminReplaceTaxRates",
  summary: "Replace all tax rates",
  description: "Countries that are not listed are exports: no tax.",
  request: { body: jsonBody(TaxRatesJson) },
  responses: { 200: jsonContent(TaxRateList, "All rates"), ...writes },
});

async function shippingRateList(database: D1Database) {
  return { items: (await loadPolicy(database)).shippingRates.map(shippingRateJson), next_cursor: null };
}

async function taxRateList(database: D1Database) {
  return { items: (await loadPolicy(database)).taxRates.map(taxRateJson), next_cursor: null };
}

export function registerAdminPolicyRoutes(app: OrdersApp): void {
  app.openapi(readShippingRoute, async (c) => {
    return c.json(await shippingRateList(c.env.DATABASE), 200, PRIVATE);
  });

  app.openapi(putShippingRoute, async (c) => {
    const before = await shippingRateList(c.env.DATABASE);
    await replaceShippingRates(c.env.DATABASE, c.req.valid("json").items.map(shippingRateFromJson));
    const after = await shippingRateList(c.env.DATABASE);
    noteDifference(c, before, after);
    return c.json(after, 200, PRIVATE);
  });

  app.openapi(readTaxRoute, async (c) => {
    return c.json(await taxRateList(c.env.DATABASE), 200, PRIVATE);
  });

  app.openapi(putTaxRoute, async (c) => {
    const rates = c.req.valid("json").items.map((rate) => ({
      country: rate.country,
      rateBasisPoints: rate.rate_basis_points,
      included: rate.included,
    }));
    const before = await taxRateList(c.env.DATABASE);
    await replaceTaxRates(c.env.DATABASE, rates);
    const after = await taxRateList(c.env.DATABASE);
    noteDifference(c, before, after);
    return c.json(after, 200, PRIVATE);
  });
}
