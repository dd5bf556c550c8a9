/** One request for each page and form of the shop, about the victim's things. Data, and how a path is filled. */

import { createHmac } from "node:crypto";
import { TEST_SECRETS } from "../secrets.ts";
import { PAGES } from "./page-access.ts";
import { addressOf, type Scene } from "./scene.ts";

export interface PageRoute {
  readonly rule: (typeof PAGES)[number][0];
  readonly method: string;
  readonly path: string;
}

export const PAGE_ROUTES: readonly PageRoute[] = PAGES.flatMap(([rule, routes]) =>
  routes.map((route) => {
    const [method = "", path = ""] = route.split(" ");
    return { rule, method, path };
  }),
);

export function pagePath({ path }: PageRoute, { victim }: Scene): string {
  const filled = path
    .replace("/addresses/:id", `/addresses/${victim.addressId}`)
    .replace("/orders/:id", `/orders/${victim.order.id}`)
    .replace(":handle", path.startsWith("/pages") ? "about" : "real")
    .replace(":file", "shop.css");
  return filled === "/checkout/return" ? `${filled}?order_id=${victim.order.id}` : filled;
}

/** Fields that would do harm if the form were taken; ids in them are the victim's. */
export function formOf({ path }: PageRoute, { victim, spareSessionId, app }: Scene): Readonly<Record<string, string>> {
  if (path.startsWith("/account/addresses")) return { ...addressOf("taken over"), action: "save" };
  const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "/account/apps": { app: app.id },
    "/account/devices/sign-out": { session: spareSessionId },
    "/account/profile": { name: "Taken Over", customer_id: victim.customerId },
    "/cart/lines": { sku: "REAL", quantity: "1", cart_id: victim.cart.id },
    "/cart/lines/update": { "quantity:REAL": "0", cart_id: victim.cart.id },
    "/checkout": { cart_id: victim.cart.id, order_id: victim.order.id },
    "/settings": { language: "de", country: "DE", return_to: "/cart" },
  };
  return forms[path] ?? {};
}

/** What the cookie of a session holds. */
export function sessionToken(sessionId: string, secret: string = TEST_SECRETS.CAPABILITY_SECRET): string {
  return `${sessionId}.${createHmac("sha256", secret).update(sessionId).digest("base64url")}`;
}
