/** What stands in the checkout's fields: from the form that was sent, or from what the cart knows already. Pure. */
import type { PageContext } from "../../page-context.ts";
import type { CartView } from "../../peers/carts.ts";
import type { AddressView } from "../../peers/orders.ts";
import { CHECKOUT_COUNTRIES } from "./address-formats.ts";
import type { TypedAddress } from "./check-address.ts";

export interface CheckoutValues extends TypedAddress {
  readonly email: string;
  readonly shipping_option_id: string;
  readonly payment_method: string;
}
export type CheckoutField = keyof CheckoutValues;

/** The rest of the form: what the shopper was shown, and under which name an order is tried. */
export interface CheckoutMarks {
  readonly cartId: string;
  /** Names this rendering of the form: the same form sent twice is one order. */
  readonly attempt: string;
  /** `seenMark` of what was shown. */
  readonly seen: string;
  /** True for the button that only brings the page up to date. */
  readonly updates: boolean;
}

export const EMPTY_VALUES: CheckoutValues = {
  email: "",
  name: "",
  line1: "",
  line2: "",
  city: "",
  region: "",
  postal_code: "",
  country: "",
  phone: "",
  shipping_option_id: "",
  payment_method: "",
};

const FIELDS = Object.keys(EMPTY_VALUES) as CheckoutField[];

/** Fields that the form did not have (another country's) keep what the cart knows, so that nothing typed is lost. */
export function valuesOfForm(form: Readonly<Record<string, string>>, before: CheckoutValues): CheckoutValues {
  const value = (field: CheckoutField) => [field, form[field] ?? before[field]];
  return Object.fromEntries(FIELDS.map(value)) as unknown as CheckoutValues;
}

export function marksOfForm(form: Readonly<Record<string, string>>): CheckoutMarks {
  const attempt = form["attempt"] ?? "";
  return {
    cartId: form["cart_id"] ?? "",
    attempt: /^[0-9a-f-]{36}$/.test(attempt) ? attempt : crypto.randomUUID(),
    seen: form["seen"] ?? "",
    updates: form["action"] !== "pay",
  };
}

/** What a signed-in shopper has told before. */
export interface KnownShopper {
  readonly email: string | null;
  readonly name: string | null;
  readonly address: AddressView | null;
}

export function valuesOfCart(page: PageContext, cart: CartView, known: KnownShopper): CheckoutValues {
  const address = cart.shipping_address ?? known.address;
  const { country } = page.market;
  return {
    ...EMPTY_VALUES,
    country: CHECKOUT_COUNTRIES.includes(country) ? country : "",
    name: known.name ?? "",
    ...address,
    line2: address?.line2 ?? "",
    region: address?.region ?? "",
    phone: address?.phone ?? "",
    email: cart.email ?? known.email ?? "",
    shipping_option_id: cart.shipping_option_id ?? "",
  };
}
