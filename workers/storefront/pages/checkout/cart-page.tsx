/** `GET /cart`: the lines with their live stock, what can be done about short ones, the totals, and the way to the till. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { formatMoney, link, type PageContext } from "../../page-context.ts";
import type { CartView } from "../../peers/carts.ts";
import { renderPage } from "../../render-page.tsx";
import { checkoutTexts } from "../../texts/checkout.ts";
import { CartLine } from "./cart-line.tsx";
import { checkStock, type StockBySku, shortLines } from "./check-stock.ts";
import { FixAll } from "./line-form.tsx";
import { openCart } from "./open-cart.ts";
import { leaveOrderedCart } from "./ordered-cart.ts";

export async function cartPage(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { cart: texts, flash } = checkoutTexts(page.locale);
  const found = await openCart(c);
  switch (found.kind) {
    case "unavailable":
      return await unavailablePage(c, found.problem);
    case "ordered": {
      const elsewhere = await leaveOrderedCart(c, found.cart, found.orderId);
      return elsewhere ?? (await emptyPage(c, flash.ordered));
    }
    case "none":
      return await emptyPage(c);
    case "forged":
      return await emptyPage(c, flash.forged);
    case "expired":
      return await emptyPage(c, flash.expired);
    case "open": {
      const { cart } = found;
      if (cart.lines.length === 0) return await emptyPage(c);
      const stock = await checkStock(page, cart.lines);
      const options = { title: texts.title, noindex: true, cartCount: countOf(cart), bodyClass: "page-cart" };
      return await renderPage(c, options, <FilledCart page={page} cart={cart} stock={stock} />);
    }
  }
}

export function countOf(cart: CartView): number {
  return cart.lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

async function emptyPage(c: Context<StorefrontHono>, notice?: string): Promise<Response> {
  const { page } = c.var;
  const { cart } = checkoutTexts(page.locale);
  const order = page.principal.capabilities.find((id) => id.startsWith("ord_"));
  return await renderPage(
    c,
    { title: cart.title, noindex: true, cartCount: 0, bodyClass: "page-cart" },
    <section class="cart-empty" data-part="cart">
      {notice === undefined ? null : <Notice tone="warning">{notice}</Notice>}
      <h1>{cart.emptyTitle}</h1>
      <p>{cart.emptyLead}</p>
      <p class="cart-ways">
        <a class="button button-primary" href={link(page, "/")}>
          {cart.emptyAction}
        </a>
        {order === undefined ? null : (
          <a class="button button-secondary" href={link(page, `/orders/${order}`)}>
            {cart.lastOrder}
          </a>
        )}
      </p>
    </section>,
  );
}

interface FilledCartProps {
  readonly page: PageContext;
  readonly cart: CartView;
  readonly stock: StockBySku;
}

function FilledCart({ page, cart, stock }: FilledCartProps) {
  const texts = checkoutTexts(page.locale);
  const short = shortLines(cart.lines, stock);
  return (
    <div class="cart" data-part="cart">
      <div class="cart-head">
        <h1>{texts.cart.title}</h1>
        <p>{texts.cart.items(countOf(cart))}</p>
      </div>
      {short.length === 0 ? null : <ShortageNotice page={page} many={short.length > 1} />}
      {cart.currency === page.market.currency ? null : <CurrencyNotice page={page} cart={cart} />}
      <div class="cart-columns">
        <ul class="cart-lines">
          {cart.lines.map((line) => (
            <CartLine page={page} line={line} stock={stock} />
          ))}
        </ul>
        <CartSummary page={page} cart={cart} blocked={short.length > 0} unknown={stock.size === 0} />
      </div>
    </div>
  );
}

function ShortageNotice({ page, many }: { readonly page: PageContext; readonly many: boolean }) {
  const { stock } = checkoutTexts(page.locale);
  return (
    <Notice tone="warning" title={stock.problemTitle}>
      <p>{stock.problemLead}</p>
      {many ? <FixAll page={page} backTo="cart" /> : null}
    </Notice>
  );
}

function CurrencyNotice({ page, cart }: Omit<FilledCartProps, "stock">) {
  const { currency } = checkoutTexts(page.locale);
  return (
    <Notice tone="info" title={currency.title(cart.currency, page.market.currency)}>
      <p>{currency.lead}</p>
      <form method="post" action={link(page, "/cart/currency")} class="line-form">
        <CsrfField page={page} />
        <SubmitButton variant="secondary">{currency.change(page.market.currency)}</SubmitButton>
      </form>
    </Notice>
  );
}

interface SummaryProps {
  readonly page: PageContext;
  readonly cart: CartView;
  /** Something is short: the way on is to mend that first. */
  readonly blocked: boolean;
  readonly unknown: boolean;
}

function CartSummary({ page, cart, blocked, unknown }: SummaryProps) {
  const { cart: texts, stock } = checkoutTexts(page.locale);
  const { subtotal, discount } = cart.totals;
  return (
    <section class="summary" aria-labelledby="summary-title">
      <h2 id="summary-title">{texts.summary}</h2>
      <dl class="totals">
        <div class="totals-sum">
          <dt>{texts.subtotal}</dt>
          <dd>{formatMoney(page, subtotal)}</dd>
        </div>
        {discount.amount_minor === 0 ? null : (
          <div>
            <dt>{texts.discount}</dt>
            <dd>−{formatMoney(page, discount)}</dd>
          </div>
        )}
        <div>
          <dt>{texts.shipping}</dt>
          <dd>{texts.shippingLater}</dd>
        </div>
      </dl>
      <p class="summary-note">{page.market.taxIncluded ? texts.vatIncludedNote : texts.taxLaterNote}</p>
      {unknown ? <p class="summary-note">{stock.unchecked}</p> : null}
      <a class={`button button-wide ${blocked ? "button-secondary" : "button-primary"}`} href={link(page, "/checkout")}>
        {texts.checkout}
      </a>
      <a class="button button-quiet button-wide" href={link(page, "/")}>
        {texts.continue}
      </a>
      <p class="summary-note">{texts.safe}</p>
    </section>
  );
}
