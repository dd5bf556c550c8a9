/** One sent checkout form, and the way back to it. */
import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import type { CartView } from "../../peers/carts.ts";
import { type CheckoutPageProps, renderCheckout } from "./checkout-page.tsx";
import type { CheckoutMarks, CheckoutValues } from "./checkout-values.ts";
import { loadCheckout } from "./load-checkout.ts";

/** One sent form, and the cart that it is about. */
export interface Attempt {
  readonly c: Context<StorefrontHono>;
  readonly cart: CartView;
  readonly values: CheckoutValues;
  readonly marks: CheckoutMarks;
}

/** The form once more, with what was typed. A new attempt unless the last one's outcome is unknown. */
export async function again(
  attempt: Attempt,
  props: Omit<CheckoutPageProps, "loaded" | "attempt">,
  keepAttempt = false,
): Promise<Response> {
  const { c, cart, values, marks } = attempt;
  const loaded = await loadCheckout(c.var.page, cart, values);
  if (!loaded.ok) return await unavailablePage(c, loaded.error);
  return await renderCheckout(c, { ...props, loaded: loaded.value, attempt: keepAttempt ? marks.attempt : crypto.randomUUID() });
}
