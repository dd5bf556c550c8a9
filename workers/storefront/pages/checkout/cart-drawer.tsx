/**
 * The cart as a drawer beside the page: the same answer as `/cart`, drawn smaller, for the island that asks for it. The
 * asking header stays with the request through the redirect of a form, so the forms know nothing of it.
 */
import type { Context, Hono } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Picture } from "../../components/picture.tsx";
import type { StorefrontHono } from "../../env.ts";
import { type Flash, FlashNotice, takeFlash } from "../../flash.tsx";
import { fillText } from "../../islands/fill-text.ts";
import { PersonalLinks } from "../../layout/personal-links.tsx";
import { formatMoney, link, type PageContext } from "../../page-context.ts";
import type { CartLineView, CartView } from "../../peers/carts.ts";
import { liveTexts } from "../../texts/live.ts";
import { cartIdOf, openCart } from "./open-cart.ts";

/** Asks for the drawer, and marks an answer that is one. */
const FRAGMENT_HEADER = "x-fragment";
const FRAGMENT = "cart-drawer";
const THUMBNAIL = { width: 64, height: 80, sizes: "64px" } as const;

/** Before the cart's own page. */
export function registerCartDrawer(app: Hono<StorefrontHono>): void {
  app.get("/cart", async (c, next) => {
    if (c.req.header(FRAGMENT_HEADER) !== FRAGMENT) return await next();
    return await answerDrawer(c);
  });
}

/** A cart that cannot be shown small (ordered, expired, not to be asked) is left to its page. */
async function answerDrawer(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const found = await openCart(c);
  if (found.kind === "ordered" || found.kind === "unavailable") return c.redirect(link(page, "/cart"), 303);
  const cart = found.kind === "open" ? found.cart : undefined;
  const drawer = <CartDrawer page={page} cart={cart} flash={takeFlash(c)} />;
  c.header(FRAGMENT_HEADER, FRAGMENT);
  c.header("cache-control", "private, no-store");
  return c.html(drawer);
}

interface CartDrawerProps {
  readonly page: PageContext;
  readonly cart: CartView | undefined;
  readonly flash: Flash | undefined;
}

function CartDrawer({ page, cart, flash }: CartDrawerProps) {
  const { drawer } = liveTexts(page.locale);
  const lines = cart?.lines ?? [];
  const count = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const customerId = page.personal === "deferred" ? null : page.personal.customerId;
  return (
    <>
      <PersonalLinks page={page} personal={{ cartId: cartIdOf(page), cartCount: count, customerId }} />
      <div class="drawer" data-drawer="">
        <div class="drawer-head">
          <h2 id="drawer-title" tabindex={-1}>
            {drawer.title}
          </h2>
          <button type="button" class="drawer-close" data-drawer-close="" aria-label={drawer.close}>
            <CloseIcon />
          </button>
        </div>
        <FlashNotice flash={flash} />
        {cart === undefined || lines.length === 0 ? <p>{drawer.empty}</p> : <DrawerCart page={page} cart={cart} />}
      </div>
    </>
  );
}

function DrawerCart({ page, cart }: { readonly page: PageContext; readonly cart: CartView }) {
  const { drawer } = liveTexts(page.locale);
  return (
    <>
      <ul class="drawer-lines">
        {cart.lines.map((line) => (
          <DrawerLine page={page} line={line} />
        ))}
      </ul>
      <div class="drawer-end">
        <p class="drawer-subtotal">
          <span>{drawer.subtotal}</span>
          <strong>{formatMoney(page, cart.totals.subtotal)}</strong>
        </p>
        <p class="drawer-later">{drawer.later}</p>
        <a class="button button-primary button-wide" href={link(page, "/checkout")}>
          {drawer.checkout}
        </a>
        <a class="button button-secondary button-wide" href={link(page, "/cart")}>
          {drawer.view}
        </a>
      </div>
    </>
  );
}

function DrawerLine({ page, line }: { readonly page: PageContext; readonly line: CartLineView }) {
  const { drawer } = liveTexts(page.locale);
  const { sku, handle, title, image, quantity, total } = line;
  return (
    <li class="drawer-line">
      <Picture {...THUMBNAIL} src={image} alt="" />
      <div>
        <a href={`${link(page, `/products/${encodeURIComponent(handle)}`)}?variant=${encodeURIComponent(sku)}`}>{title}</a>
        <p class="drawer-quantity">{fillText(drawer.quantity, { n: quantity })}</p>
        <form method="post" action={link(page, "/cart/lines/update")} data-drawer-form="">
          <CsrfField page={page} />
          <input type="hidden" name="sku" value={sku} />
          <button class="drawer-remove" type="submit" name="set" value="0" aria-label={fillText(drawer.removeOne, { title })}>
            {drawer.remove}
          </button>
        </form>
      </div>
      <p class="drawer-price">{formatMoney(page, total)}</p>
    </li>
  );
}

function CloseIcon() {
  return (
    <svg viewBox="0 0 24 24" width={24} height={24} aria-hidden="true" class="icon">
      <path d="m6 6 12 12M18 6 6 18" fill="none" stroke="currentColor" stroke-width={1.75} stroke-linecap="round" />
    </svg>
  );
}
