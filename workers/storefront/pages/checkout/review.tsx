/** What is bought and what it costs, beside the checkout's fields, with the button that pays. Pure. */
import { Picture } from "../../components/picture.tsx";
import { formatMoney, link, type PageContext } from "../../page-context.ts";
import type { CartLineView } from "../../peers/carts.ts";
import type { MoneyView } from "../../peers/orders.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import type { ShownTotals } from "./checkout-totals.ts";
import type { LoadedCheckout } from "./load-checkout.ts";

/** Prices before a change, by SKU. */
export type FormerPrices = ReadonlyMap<string, MoneyView>;

interface ReviewProps {
  readonly page: PageContext;
  readonly loaded: LoadedCheckout;
  readonly former: FormerPrices;
  readonly attempt: string;
  /** Nothing can be bought as it is: something is short, or does not go there. */
  readonly blocked: boolean;
}

export function Review({ page, loaded, former, attempt, blocked }: ReviewProps) {
  const { cart, totals, seen } = loaded;
  const { checkout } = checkoutTexts(page.locale);
  const total = formatMoney(page, totals.total);
  return (
    <div class="review">
      <h2 id="review-title">{checkout.review}</h2>
      <ul class="review-lines">
        {cart.lines.map((line) => (
          <ReviewLine page={page} line={line} before={former.get(line.sku)} />
        ))}
      </ul>
      <Totals page={page} totals={totals} />
      <input type="hidden" name="cart_id" value={cart.id} />
      <input type="hidden" name="attempt" value={attempt} />
      <input type="hidden" name="seen" value={seen} />
      <button class="button button-primary button-wide" type="submit" name="action" value="pay" disabled={blocked}>
        {totals.total.amount_minor === 0 ? checkout.place : checkout.pay(total)}
      </button>
      <button class="button button-quiet button-wide" type="submit" name="action" value="update" data-refresh-button>
        {checkout.update}
      </button>
      <p class="summary-note">{checkout.legal}</p>
      <p>
        <a href={link(page, "/cart")}>{checkout.editCart}</a>
      </p>
    </div>
  );
}

interface ReviewLineProps {
  readonly page: PageContext;
  readonly line: CartLineView;
  readonly before: MoneyView | undefined;
}

function ReviewLine({ page, line, before }: ReviewLineProps) {
  const { refused } = checkoutTexts(page.locale);
  return (
    <li class={before === undefined ? "review-line" : "review-line review-line-changed"}>
      <Picture src={line.image} alt="" width={160} height={200} sizes="4rem" class="review-picture" />
      <p class="review-title">
        {line.title}
        <span class="review-quantity"> × {line.quantity}</span>
      </p>
      <p class="review-price">
        {before === undefined ? null : (
          <s class="review-before">
            {refused.wasPrice(formatMoney(page, { ...before, amount_minor: before.amount_minor * line.quantity }))}
          </s>
        )}
        {formatMoney(page, line.total)}
      </p>
    </li>
  );
}

function Totals({ page, totals }: { readonly page: PageContext; readonly totals: ShownTotals }) {
  const { cart, checkout } = checkoutTexts(page.locale);
  const { subtotal, discount, shipping, tax, taxIncluded, total } = totals;
  const hasTax = tax !== null && tax.amount_minor > 0;
  return (
    <>
      <dl class="totals">
        <Row label={cart.subtotal} value={formatMoney(page, subtotal)} />
        {discount.amount_minor === 0 ? null : <Row label={cart.discount} value={`−${formatMoney(page, discount)}`} />}
        <Row label={cart.shipping} value={shippingText(page, shipping)} />
        {hasTax && !taxIncluded ? <Row label={cart.tax} value={formatMoney(page, tax)} /> : null}
        <div class="totals-sum">
          <dt>{checkout.totalDue}</dt>
          <dd>
            <output name="total">{formatMoney(page, total)}</output>
          </dd>
        </div>
      </dl>
      {hasTax && taxIncluded ? <p class="summary-note">{cart.vatIncluded(formatMoney(page, tax))}</p> : null}
      {tax === null ? <p class="summary-note">{page.market.taxIncluded ? cart.vatIncludedNote : checkout.taxNext}</p> : null}
    </>
  );
}

function shippingText(page: PageContext, shipping: MoneyView | null): string {
  const { cart } = checkoutTexts(page.locale);
  if (shipping === null) return cart.shippingLater;
  return shipping.amount_minor === 0 ? cart.shippingFree : formatMoney(page, shipping);
}

function Row({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
