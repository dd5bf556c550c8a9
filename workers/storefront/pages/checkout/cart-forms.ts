/** What the cart's forms have in common: reading them, and saying why a cart did not take a change. */
import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { setFlash } from "../../flash.tsx";
import type { PeerProblem } from "../../peers/ask.ts";
import type { CheckoutTexts } from "../../texts/checkout.ts";

/** What a quantity field takes; the API takes more. */
export const QUANTITY_TYPED_MAX = 999;
const VALUE_LENGTH_MAX = 1_000;
const TITLE_LENGTH_MAX = 80;

/** Text fields of a form by name; files and overlong values are left out, the first of a name counts. */
export async function formValues(c: Context<StorefrontHono>): Promise<Readonly<Record<string, string>>> {
  const form = await c.req.parseBody().catch((): Record<string, unknown> => ({}));
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      typeof value === "string" && value.length <= VALUE_LENGTH_MAX ? [[name, value] as const] : [],
    ),
  );
}

/** Product titles are long; a message is one line. */
export function flashTitle(title: string): string {
  return title.length <= TITLE_LENGTH_MAX ? title : `${title.slice(0, TITLE_LENGTH_MAX - 1)}…`;
}

export function sayWhyNot(c: Context<StorefrontHono>, problem: PeerProblem, flash: CheckoutTexts["flash"]): void {
  setFlash(c, "error", whyNot(problem.code, c.var.page.market.currency, flash));
}

function whyNot(code: string, currency: string, flash: CheckoutTexts["flash"]): string {
  switch (code) {
    case "unknown_sku":
    case "not_for_sale":
      return flash.unknownProduct;
    case "no_price_in_currency":
      return flash.noPrice(currency);
    case "cart_too_large":
    case "too_many_lines":
      return flash.cartFull;
    case "checkout_in_progress":
      return flash.inProgress;
    case "cart_already_ordered":
      return flash.ordered;
    case "cart_expired":
      return flash.expired;
    default:
      return flash.unavailable;
  }
}
