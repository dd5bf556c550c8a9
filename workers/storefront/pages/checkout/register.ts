/** Mounts the cart, the checkout and the pages of orders. */
import type { Hono } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { link } from "../../page-context.ts";
import { addToCart } from "./add-to-cart.ts";
import { registerCartDrawer } from "./cart-drawer.tsx";
import { cartPage } from "./cart-page.tsx";
import { changeCurrency, changeLines } from "./change-lines.ts";
import { abandonOrderPayment, orderPage, payOrder, returnFromPayment } from "./order-pages.tsx";
import { placeOrder } from "./place-order.ts";
import { showCheckout } from "./show-checkout.ts";

export function registerCheckoutPages(app: Hono<StorefrontHono>): void {
  registerCartDrawer(app);
  app.get("/cart", cartPage);
  app.post("/cart/lines", addToCart);
  app.post("/cart/lines/update", changeLines);
  app.post("/cart/currency", changeCurrency);
  // Where a reload leads after one of these was refused.
  app.on("GET", ["/cart/lines", "/cart/lines/update", "/cart/currency"], (c) => c.redirect(link(c.var.page, "/cart"), 303));
  app.get("/checkout", showCheckout);
  app.post("/checkout", placeOrder);
  app.get("/checkout/return", returnFromPayment);
  app.get("/orders/:id", orderPage);
  app.get("/orders/:id/payment", payOrder);
  app.post("/orders/:id/payment/abandon", abandonOrderPayment);
}
