/** `POST /cart/lines`: puts a variant into the shopper's cart, or says why not. Makes the cart when there is none. */
import type { Context } from "hono";
import * as z from "zod";
import { Sku } from "../../../inventory/contract.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { StorefrontHono } from "../../env.ts";
import { setFlash } from "../../flash.tsx";
import { link, type PageContext } from "../../page-context.ts";
import { inTime } from "../../peers/ask.ts";
import { type CartView, holding, putLine } from "../../peers/carts.ts";
import { readAvailability } from "../../peers/catalog.ts";
import { readOrder } from "../../peers/orders.ts";
import { type CheckoutTexts, checkoutTexts } from "../../texts/checkout.ts";
import { flashTitle, formValues, QUANTITY_TYPED_MAX, sayWhyNot } from "./cart-forms.ts";
import { openCart, startCart } from "./open-cart.ts";
import { switchCurrency } from "./switch-currency.ts";

const STOCK_PATIENCE_MS = 2_500;

const Wanted = z.object({
  sku: Sku,
  quantity: z.coerce.number().int().min(1).max(QUANTITY_TYPED_MAX).default(1),
});
type Wanted = z.infer<typeof Wanted>;

export async function addToCart(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { flash } = checkoutTexts(page.locale);
  const wanted = Wanted.safeParse(await formValues(c));
  if (!wanted.success) {
    setFlash(c, "error", wanted.error.issues.some(({ path }) => path[0] === "sku") ? flash.unknownProduct : flash.badQuantity);
    return c.redirect(link(page, "/cart"), 303);
  }
  const target = await cartToFill(c, flash);
  if (!target.ok) return target.error.response;
  await fill(c, target.value.page, target.value.cart, wanted.data, flash);
  return c.redirect(link(page, "/cart"), 303);
}

interface Target {
  readonly page: PageContext;
  readonly cart: CartView;
}

type Elsewhere = { readonly code: "elsewhere"; readonly response: Response };

/** The open cart in the market's currency: the shopper's own, taken over into the currency, or a new one. */
async function cartToFill(c: Context<StorefrontHono>, flash: CheckoutTexts["flash"]): Promise<Result<Target, Elsewhere>> {
  const { page } = c.var;
  const elsewhere = (path: string) => err({ code: "elsewhere", response: c.redirect(path, 303) });
  const found = await openCart(c);
  switch (found.kind) {
    case "unavailable":
      setFlash(c, "error", flash.unavailable);
      return elsewhere(link(page, "/cart"));
    case "ordered":
      if (await isUnsettled(page, found.orderId)) {
        setFlash(c, "warning", flash.finishFirst);
        return elsewhere(link(page, "/checkout"));
      }
      return await newCart(c, flash);
    case "none":
    case "forged":
    case "expired":
      return await newCart(c, flash);
    case "open": {
      if (found.cart.currency === page.market.currency) return ok({ page, cart: found.cart });
      const switched = await switchCurrency(c, found.cart, page.market.currency);
      // Not taken over: better a line in the old currency than a lost cart.
      return ok(switched.ok ? switched.value : { page, cart: found.cart });
    }
  }
}

async function newCart(c: Context<StorefrontHono>, flash: CheckoutTexts["flash"]): Promise<Result<Target, Elsewhere>> {
  const started = await startCart(c, c.var.page.market.currency);
  if (started.ok) return started;
  setFlash(c, "error", flash.unavailable);
  return err({ code: "elsewhere", response: c.redirect(link(c.var.page, "/cart"), 303) });
}

/** While it waits, the old cart may open again: a new one in its place would lose it. */
async function isUnsettled(page: PageContext, orderId: string): Promise<boolean> {
  const order = await readOrder(holding(page, orderId), orderId);
  return !order.ok || order.value.status === "submitted" || order.value.status === "awaiting_payment";
}

async function fill(
  c: Context<StorefrontHono>,
  page: PageContext,
  cart: CartView,
  wanted: Wanted,
  flash: CheckoutTexts["flash"],
): Promise<void> {
  const before = cart.lines.find((line) => line.sku === wanted.sku);
  const inCart = before?.quantity ?? 0;
  const buyable = await buyableOf(page, wanted.sku);
  const quantity = Math.min(inCart + wanted.quantity, buyable, QUANTITY_TYPED_MAX);
  if (quantity <= inCart) {
    const title = flashTitle(before?.title ?? "");
    setFlash(c, "warning", inCart === 0 ? flash.soldOut : inCart > buyable ? flash.soldOut : flash.allInCart(title, inCart));
    return;
  }
  const put = await putLine(page, cart.id, { sku: wanted.sku, quantity });
  if (!put.ok) return sayWhyNot(c, put.error, flash);
  const title = flashTitle(put.value.lines.find((line) => line.sku === wanted.sku)?.title ?? wanted.sku);
  if (quantity < inCart + wanted.quantity) setFlash(c, "warning", flash.addedLess(title, quantity));
  else setFlash(c, "success", flash.added(title));
}

/** Units that can be bought now; without an answer nothing is capped: the checkout asks again. */
async function buyableOf(page: PageContext, sku: string): Promise<number> {
  const answer = await inTime(STOCK_PATIENCE_MS, readAvailability(page, [sku]));
  const level = answer.ok ? answer.value.get(sku) : undefined;
  return level === undefined || level.backorderable ? QUANTITY_TYPED_MAX : level.available;
}
