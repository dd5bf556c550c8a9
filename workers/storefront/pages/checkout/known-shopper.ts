/** E-mail, name and default address of a signed-in shopper, so that they need not be typed again. */
import type { PageContext } from "../../page-context.ts";
import { type AccountAddress, listAddresses, readCustomer } from "../../peers/account.ts";
import { inTime } from "../../peers/ask.ts";
import type { CartView } from "../../peers/carts.ts";
import type { AddressView } from "../../peers/orders.ts";
import type { KnownShopper } from "./checkout-values.ts";

/** It saves typing, and is not worth waiting for. */
const PATIENCE_MS = 1_500;
const NOBODY: KnownShopper = { email: null, name: null, address: null };

export async function readKnownShopper(page: PageContext, cart: CartView): Promise<KnownShopper> {
  if (page.principal.kind !== "customer" || (cart.email !== null && cart.shipping_address !== null)) return NOBODY;
  const [customer, book] = await Promise.all([inTime(PATIENCE_MS, readCustomer(page)), inTime(PATIENCE_MS, listAddresses(page))]);
  if (!customer.ok) return NOBODY;
  const saved = book.ok ? book.value[0] : undefined;
  const { email, name } = customer.value;
  return { email, name, address: saved === undefined ? null : addressOf(saved) };
}

function addressOf({ name, line1, line2, city, region, postal_code, country, phone }: AccountAddress): AddressView {
  return {
    name,
    line1,
    ...(line2 === null ? {} : { line2 }),
    city,
    ...(region === null ? {} : { region }),
    postal_code,
    country,
    ...(phone === null ? {} : { phone }),
  };
}
