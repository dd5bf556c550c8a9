/** `/v1/carts`: create, read, lines, contact, address and shipping. Checkout is in checkout.ts. */
import { createRoute, z } from "@hono/zod-openapi";
import { LINES_MAX, QUANTITY_MAX, Sku } from "../../inventory/contract.ts";
import { issueCapabilityToken } from "../../shared/capability-token.ts";
import { systemClock } from "../../shared/clock.ts";
import { jsonBody, jsonContent, problemResponses } from "../../shared/http.ts";
import { CurrencyCode } from "../../shared/money.ts";
import { customerFor } from "../../shared/principal.ts";
import { ProblemError } from "../../shared/problem.ts";
import { readCart, requireCartAccess } from "../access.ts";
import { AddressJson, addressFromJson, EmailAddress } from "../address-json.ts";
import { CartJson, cartJson, NewCartJson, ReadCartJson, ShippingOptionJson, shippingOptionJson } from "../cart-json.ts";
import { configuration } from "../configuration.ts";
import { CountryCode } from "../countries.ts";
import { createCart } from "../create-cart.ts";
import { cartProblem, unavailableProblem, unsupportedCurrency, valueOrProblem } from "../problems.ts";
import { putLines, sumBySku } from "../put-lines.ts";
import { type CartChanges, listShippingOptions, updateCart } from "../update-cart.ts";
import { CartParams, type OrdersApp, PRIVATE } from "./request.ts";

const tags = ["Carts"];
/** 0 removes the line. */
const CartQuantity = z.int().min(0).max(QUANTITY_MAX);
const ShippingOptionId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be the id of a shipping option");

const NewCartBody = z.strictObject({ currency: CurrencyCode.optional(), email: EmailAddress.optional() });
const LineBody = z.strictObject({ quantity: CartQuantity });
const LinesBody = z.strictObject({
  lines: z.array(z.strictObject({ sku: Sku, quantity: CartQuantity })).max(LINES_MAX),
});
const CartPatch = z.strictObject({
  email: EmailAddress.optional(),
  shipping_address: AddressJson.optional(),
  shipping_option_id: ShippingOptionId.optional(),
});

const createCartRoute = createRoute({
  method: "post",
  path: "/v1/carts",
  operationId: "createCart",
  tags,
  summary: "Create a cart",
  description: "Every later call about the cart carries its token as `Cart-Token`, or comes from its signed-in owner.",
  request: { body: jsonBody(NewCartBody) },
  responses: { 201: jsonContent(NewCartJson, "The empty cart and its token"), ...problemResponses(400, 415, 422, 503) },
});

const readCartRoute = createRoute({
  method: "get",
  path: "/v1/carts/{id}",
  operationId: "getCart",
  tags,
  summary: "Read a cart",
  request: { params: CartParams },
  responses: { 200: jsonContent(ReadCartJson, "The cart"), ...problemResponses(400, 404, 410, 503) },
});

const putLineRoute = createRoute({
  method: "put",
  path: "/v1/carts/{id}/lines/{sku}",
  operationId: "putCartLine",
  tags,
  summary: "Set how many of one SKU are in the cart",
  request: { params: CartParams.extend({ sku: Sku }), body: jsonBody(LineBody) },
  responses: { 200: jsonContent(CartJson, "The cart"), ...problemResponses(400, 404, 409, 410, 415, 422, 503) },
});

const putLinesRoute = createRoute({
  method: "put",
  path: "/v1/carts/{id}/lines",
  operationId: "replaceCartLines",
  tags,
  summary: "Replace all lines of the cart at once",
  description: "Lines of the same SKU are summed; lines with quantity 0 are left out.",
  request: { params: CartParams, body: jsonBody(LinesBody) },
  responses: { 200: jsonContent(CartJson, "The cart"), ...problemResponses(400, 404, 409, 410, 415, 422, 503) },
});

const patchCartRoute = createRoute({
  method: "patch",
  path: "/v1/carts/{id}",
  operationId: "updateCart",
  tags,
  summary: "Set e-mail, shipping address or shipping option",
  description: "A cart that a signed-in shopper updates becomes theirs.",
  request: { params: CartParams, body: jsonBody(CartPatch) },
  responses: { 200: jsonContent(CartJson, "The cart"), ...problemResponses(400, 404, 409, 410, 415, 422, 503) },
});

const shippingOptionsRoute = createRoute({
  method: "get",
  path: "/v1/carts/{id}/shipping-options",
  operationId: "listShippingOptions",
  tags,
  summary: "How the cart can be shipped to its address, and for how much",
  description: "Cheapest first. Before the address is known: every option in the cart's currency, or those of `country`.",
  request: { params: CartParams, query: z.object({ country: CountryCode.optional() }) },
  responses: {
    200: jsonContent(z.object({ items: z.array(ShippingOptionJson), next_cursor: z.null() }), "The options"),
    ...problemResponses(400, 404, 409, 410, 503),
  },
});

export function registerCartRoutes(app: OrdersApp): void {
  app.openapi(createCartRoute, async (c) => {
    const { currency = configuration.SHOP_CURRENCY, email = null } = c.req.valid("json");
    if (!configuration.SHOP_CURRENCIES.includes(currency)) throw unsupportedCurrency(currency, configuration.SHOP_CURRENCIES);
    const continent = (c.req.raw.cf as IncomingRequestCfProperties | undefined)?.continent;
    const wanted = { currency, email, continent };
    const created = await createCart(c.env, c.var.principal, wanted, c.var.context, systemClock.now());
    const { cart, token } = valueOrProblem(created, unavailableProblem);
    return c.json({ ...cartJson(cart), token }, 201, { ...PRIVATE, location: `/v1/carts/${cart.id}` });
  });

  app.openapi(readCartRoute, async (c) => {
    const { id } = c.req.valid("param");
    await requireCartAccess(c.env, c.var.principal, id);
    const cart = valueOrProblem(await readCart(c.env, id), cartProblem);
    const orderToken = cart.orderId === null ? null : await issueCapabilityToken(c.env.CAPABILITY_SECRET, cart.orderId);
    return c.json({ ...cartJson(cart), order_token: orderToken }, 200, PRIVATE);
  });

  app.openapi(putLineRoute, async (c) => {
    const { id, sku } = c.req.valid("param");
    await requireCartAccess(c.env, c.var.principal, id);
    const wanted = [{ sku, quantity: c.req.valid("json").quantity }];
    const cart = await putLines(c.env, id, wanted, false, c.var.context, systemClock.now());
    return c.json(cartJson(valueOrProblem(cart, cartProblem)), 200, PRIVATE);
  });

  app.openapi(putLinesRoute, async (c) => {
    const { id } = c.req.valid("param");
    await requireCartAccess(c.env, c.var.principal, id);
    const wanted = sumBySku(c.req.valid("json").lines);
    refuseHugeSums(wanted);
    const cart = await putLines(c.env, id, wanted, true, c.var.context, systemClock.now());
    return c.json(cartJson(valueOrProblem(cart, cartProblem)), 200, PRIVATE);
  });

  app.openapi(patchCartRoute, async (c) => {
    const { id } = c.req.valid("param");
    await requireCartAccess(c.env, c.var.principal, id);
    const customerId = customerFor(c.var.principal, "carts:write");
    const changes = cartChanges(c.req.valid("json"), customerId);
    const cart = await updateCart(c.env, id, changes, c.var.context, systemClock.now());
    return c.json(cartJson(valueOrProblem(cart, cartProblem)), 200, PRIVATE);
  });

  app.openapi(shippingOptionsRoute, async (c) => {
    const { id } = c.req.valid("param");
    await requireCartAccess(c.env, c.var.principal, id);
    const { country = null } = c.req.valid("query");
    const options = valueOrProblem(await listShippingOptions(c.env, id, country, systemClock.now()), cartProblem);
    return c.json({ items: options.map(shippingOptionJson), next_cursor: null }, 200, PRIVATE);
  });
}

/** Absent members stay absent: they keep what the cart has. */
function cartChanges(patch: z.infer<typeof CartPatch>, customerId: string | null): CartChanges {
  return {
    ...(patch.email === undefined ? {} : { email: patch.email }),
    ...(patch.shipping_address === undefined ? {} : { shippingAddress: addressFromJson(patch.shipping_address) }),
    ...(patch.shipping_option_id === undefined ? {} : { shippingOptionId: patch.shipping_option_id }),
    ...(customerId === null ? {} : { customerId }),
  };
}

function refuseHugeSums(lines: readonly { readonly sku: string; readonly quantity: number }[]): void {
  const huge = lines.filter((line) => line.quantity > QUANTITY_MAX);
  if (huge.length === 0) return;
  throw new ProblemError({
    status: 422,
    code: "invalid_body",
    detail: "The body does not have the documented shape; see `errors`.",
    errors: huge.map((line) => ({ path: "lines", message: `${line.sku} sums to more than ${QUANTITY_MAX}` })),
  });
}
