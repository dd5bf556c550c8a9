/** Everything that the checkout's page shows, gathered for one cart and what stands in the fields. */
import { ok } from "../../../shared/result.ts";
import type { PageContext } from "../../page-context.ts";
import type { Answer } from "../../peers/ask.ts";
import { type CartView, type ShippingOptionView, shippingOptions } from "../../peers/carts.ts";
import { CHECKOUT_COUNTRIES } from "./address-formats.ts";
import { checkStock, type StockBySku } from "./check-stock.ts";
import { chosenOption, type ShownTotals, seenMark, sensibleOptions, shownTotals } from "./checkout-totals.ts";
import type { CheckoutValues } from "./checkout-values.ts";

export interface LoadedCheckout {
  readonly cart: CartView;
  readonly values: CheckoutValues;
  readonly options: readonly ShippingOptionView[];
  readonly option: ShippingOptionView | undefined;
  readonly stock: StockBySku;
  readonly totals: ShownTotals;
  readonly seen: string;
}

export async function loadCheckout(page: PageContext, cart: CartView, values: CheckoutValues): Answer<LoadedCheckout> {
  const [offered, stock] = await Promise.all([offeredFor(page, cart, values.country), checkStock(page, cart.lines)]);
  if (!offered.ok) return offered;
  const options = sensibleOptions(offered.value);
  const option = chosenOption(options, values.shipping_option_id);
  const totals = shownTotals(cart, values.country, option);
  return ok({ cart, values, options, option, stock, totals, seen: await seenMark(cart, totals.total) });
}

async function offeredFor(page: PageContext, cart: CartView, country: string): Answer<readonly ShippingOptionView[]> {
  return CHECKOUT_COUNTRIES.includes(country) ? await shippingOptions(page, cart.id, country) : ok([]);
}
