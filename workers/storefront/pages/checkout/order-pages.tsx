/** The pages of one order: its state and history, the way to the bank, the way out of an awaited payment. */
import type { Context } from "hono";
import { idSchema } from "../../../shared/identifiers.ts";
import { err } from "../../../shared/result.ts";
import type { StorefrontHono } from "../../env.ts";
import { notFoundPage, unavailablePage } from "../../error-pages.tsx";
import { setFlash } from "../../flash.tsx";
import { link, type PageContext } from "../../page-context.ts";
import type { Answer, PeerProblem } from "../../peers/ask.ts";
import { abandonPayment, type OrderView, readOrder } from "../../peers/orders.ts";
import { renderPage } from "../../render-page.tsx";
import { checkoutTexts, orderTexts } from "../../texts/checkout.ts";
import { returnQuery } from "../account/return-address.ts";
import { cartIdOf, forgetCart, keepOrder } from "./open-cart.ts";
import { orderPath } from "./order-link.ts";
import { OrderContent } from "./order-view.tsx";
import { isSettled } from "./ordered-cart.ts";

/** A page that waits looks again by itself, also without scripts. */
const PENDING_REFRESH_SECONDS = 3;
const AWAITING_REFRESH_SECONDS = 20;
const OrderId = idSchema("ord");
const UNKNOWN: PeerProblem = { code: "not_found", status: 404, detail: "", problem: {} };

export async function orderPage(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const clean = withoutToken(c);
  if (clean !== undefined) return clean;
  const found = await orderOf(c);
  if (!found.ok) return await orderProblemPage(c, found.error);
  const order = found.value;
  const { number, status } = order;
  if (isSettled(status) && status !== "failed" && cartIdOf(page) === order.cart_id) forgetCart(c);
  const refresh = status === "submitted" ? PENDING_REFRESH_SECONDS : AWAITING_REFRESH_SECONDS;
  const texts = orderTexts(page.locale);
  return await renderPage(
    c,
    {
      title: number === null ? texts.titleNoNumber : texts.title(number),
      noindex: true,
      bodyClass: "page-order",
      ...(isSettled(status)
        ? cartIdOf(page) === order.cart_id && status !== "failed"
          ? { cartCount: 0 }
          : {}
        : { headers: { refresh: String(refresh) } }),
    },
    <OrderContent page={page} order={order} />,
  );
}

/** The link of the mail: the browser keeps the token in a cookie, and it leaves the address bar. */
function withoutToken(c: Context<StorefrontHono>): Response | undefined {
  const { page } = c.var;
  const token = c.req.query("token");
  const id = c.req.param("id") ?? "";
  if (token === undefined || !OrderId.safeParse(id).success) return undefined;
  // The gateway has verified it: what opens this order is in the principal.
  if (page.principal.capabilities.includes(id) && token.startsWith(`${id}.`)) keepOrder(c, token);
  return c.redirect(orderPath(page, id), 303);
}

async function orderOf(c: Context<StorefrontHono>): Answer<OrderView> {
  const id = OrderId.safeParse(c.req.param("id"));
  if (!id.success) return err(UNKNOWN);
  const { principal } = c.var.page;
  if (principal.kind !== "customer" && !principal.capabilities.includes(id.data)) return err(UNKNOWN);
  return await readOrder(c.var.page, id.data);
}

async function orderProblemPage(c: Context<StorefrontHono>, problem: PeerProblem): Promise<Response> {
  if (problem.status >= 500) return await unavailablePage(c, problem);
  const { page } = c.var;
  const { notFoundTitle, notFoundLead, signIn } = orderTexts(page.locale);
  const links = page.principal.kind === "customer" ? [] : [{ path: `/account/sign-in${returnQuery(page.path)}`, label: signIn }];
  return await notFoundPage(c, { title: notFoundTitle, lead: notFoundLead, links });
}

/** `GET /orders/{id}/payment`: on to the bank's page. */
export async function payOrder(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const found = await orderOf(c);
  if (!found.ok) return await orderProblemPage(c, found.error);
  const url = found.value.next_action?.url;
  if (url === undefined) return c.redirect(orderPath(page, found.value.id), 303);
  if (new URL(url).origin === new URL(c.req.url).origin) return c.redirect(url, 303);
  // A form's redirect may not leave the shop (`form-action`); a page's refresh may.
  return await bankPage(c, url);
}

async function bankPage(c: Context<StorefrontHono>, url: string): Promise<Response> {
  const { page } = c.var;
  const texts = orderTexts(page.locale);
  return await renderPage(
    c,
    { title: texts.awaitingTitle, noindex: true, hideNavigation: true, headers: { refresh: `0;url=${new URL(url).href}` } },
    <section class="order-state">
      <h1>{texts.awaitingTitle}</h1>
      <a class="button button-primary" href={url}>
        {texts.confirmPayment}
      </a>
    </section>,
  );
}

/** `POST /orders/{id}/payment/abandon`: the cart opens again, unless the payment has come through meanwhile. */
export async function abandonOrderPayment(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const found = await orderOf(c);
  if (!found.ok) return await orderProblemPage(c, found.error);
  const after = await abandonPayment(page, found.value.id);
  if (!after.ok) return await unavailablePage(c, after.error);
  if (after.value.status === "failed") setFlash(c, "info", checkoutTexts(page.locale).refused.abandoned);
  return backFromPayment(c, after.value);
}

/** `GET /checkout/return`: from the bank back to where the order stands. The order's own state counts, not the address. */
export async function returnFromPayment(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const id = c.req.query("order_id") ?? "";
  const token = c.req.query("token") ?? "";
  if (!OrderId.safeParse(id).success || !page.principal.capabilities.includes(id)) return c.redirect(link(page, "/cart"), 303);
  if (token.startsWith(`${id}.`)) keepOrder(c, token);
  const order = await readOrder(page, id);
  if (!order.ok) return c.redirect(orderPath(page, id), 303);
  if (order.value.status === "failed") setFlash(c, "error", whyFailed(page, order.value));
  return backFromPayment(c, order.value);
}

function whyFailed(page: PageContext, order: OrderView): string {
  const { refused } = checkoutTexts(page.locale);
  return order.failure_reason === "payment_expired" ? refused.expired : refused.authentication;
}

/** A failed order has given its cart back: to the till with it, if this browser holds it. */
function backFromPayment(c: Context<StorefrontHono>, order: OrderView): Response {
  const { page } = c.var;
  const hasCart = order.status === "failed" && cartIdOf(page) === order.cart_id;
  return c.redirect(hasCart ? link(page, "/checkout") : orderPath(page, order.id), 303);
}
