/** `POST /account/sign-out`. The cart's goods stay in this browser; what says who the shopper was does not. */
import type { Context } from "hono";
import { CART_COOKIE, COOKIE_AGE_MAX_SECONDS, clearCookie, ORDER_COOKIE, SESSION_COOKIE, setCookie } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { signOut } from "../../peers/account.ts";
import { copyCart } from "../../peers/browser-session.ts";
import { accountTexts } from "../../texts/account.ts";
import { seeOther } from "./customer-only.ts";
import { readForm } from "./form-text.ts";

export async function leave(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const everywhere = (await readForm(c)).checked("everywhere");
  if (page.principal.kind === "customer") {
    const ended = await signOut(page, everywhere);
    // From here the cookie goes in any case. Other devices stay signed in until identity has said that they are not.
    if (!ended.ok && everywhere && ended.error.status !== 401) return await unavailablePage(c, ended.error);
    const cartId = page.principal.capabilities.find((id) => id.startsWith("cart_"));
    const cartToken = cartId === undefined ? undefined : await copyCart(page, cartId);
    if (cartToken === undefined) clearCookie(c, CART_COOKIE);
    else setCookie(c, CART_COOKIE, cartToken, COOKIE_AGE_MAX_SECONDS);
  }
  clearCookie(c, SESSION_COOKIE);
  clearCookie(c, ORDER_COOKIE);
  return seeOther(c, "/", accountTexts(page.locale).signOut.done);
}
