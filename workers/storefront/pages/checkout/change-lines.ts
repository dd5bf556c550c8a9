/** `POST /cart/lines/update` and `/cart/currency`: changes to a cart that is there. Each ends on a page that says how it went. */
import type { Context } from "hono";
import * as z from "zod";
import { Sku } from "../../../inventory/contract.ts";
import type { StorefrontHono } from "../../env.ts";
import { setFlash } from "../../flash.tsx";
import { link } from "../../page-context.ts";
import { type CartView, putLine, replaceLines } from "../../peers/carts.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { flashTitle, formValues, QUANTITY_TYPED_MAX, sayWhyNot } from "./cart-forms.ts";
import { checkStock, whatIsLeft } from "./check-stock.ts";
import { openCart } from "./open-cart.ts";
import { switchCurrency } from "./switch-currency.ts";

const Quantity = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number);
/** `set` is the value of the button that was pressed; it wins over the typed quantity. */
const LineChange = z.object({ sku: Sku, quantity: Quantity.optional(), set: Quantity.optional() });

export async function changeLines(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { flash, stock } = checkoutTexts(page.locale);
  const values = await formValues(c);
  const back = () => c.redirect(link(page, values["return"] === "checkout" ? "/checkout" : "/cart"), 303);
  const found = await openCart(c);
  // The cart's page says what became of it.
  if (found.kind !== "open") return c.redirect(link(page, "/cart"), 303);
  if (values["fix"] !== undefined) {
    const fixed = await takeWhatIsLeft(c, found.cart);
    if (fixed.ok) setFlash(c, "success", stock.fixed);
    else sayWhyNot(c, fixed.error, flash);
    return back();
  }
  const change = LineChange.safeParse(values);
  const quantity = change.success ? (change.data.set ?? change.data.quantity) : undefined;
  if (!change.success || quantity === undefined || quantity > QUANTITY_TYPED_MAX) {
    setFlash(c, "error", flash.badQuantity);
    return back();
  }
  const { sku } = change.data;
  const title = flashTitle(found.cart.lines.find((line) => line.sku === sku)?.title ?? sku);
  const put = await putLine(page, found.cart.id, { sku, quantity });
  if (!put.ok) sayWhyNot(c, put.error, flash);
  else setFlash(c, "success", quantity === 0 ? flash.removed(title) : flash.updated);
  return back();
}

async function takeWhatIsLeft(c: Context<StorefrontHono>, cart: CartView) {
  const stock = await checkStock(c.var.page, cart.lines);
  return await replaceLines(c.var.page, cart.id, whatIsLeft(cart.lines, stock));
}

export async function changeCurrency(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { flash } = checkoutTexts(page.locale);
  const { currency } = page.market;
  const found = await openCart(c);
  if (found.kind === "open" && found.cart.currency !== currency) {
    const switched = await switchCurrency(c, found.cart, currency);
    if (switched.ok) {
      const titles = switched.value.left.map(flashTitle).join(", ");
      setFlash(
        c,
        titles === "" ? "success" : "warning",
        titles === "" ? flash.currency(currency) : flash.currencyLeft(currency, titles),
      );
    } else {
      setFlash(c, "error", switched.error.code === "nothing_sold" ? flash.nothingInCurrency(currency) : flash.unavailable);
    }
  }
  return c.redirect(link(page, "/cart"), 303);
}
