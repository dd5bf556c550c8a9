/** Why an order did not come about, what was not charged, and what the shopper can do now. Pure. */
import { Notice } from "../../components/notice.tsx";
import { formatMoney, type PageContext } from "../../page-context.ts";
import type { CartLineView } from "../../peers/carts.ts";
import type { MoneyView } from "../../peers/orders.ts";
import { type CheckoutTexts, checkoutTexts } from "../../texts/checkout.ts";
import type { CheckoutField } from "./checkout-values.ts";
import type { FieldErrors } from "./field-errors.ts";
import { FixAll, ShortageActions } from "./line-form.tsx";

export interface ShortLine {
  readonly line: CartLineView;
  readonly left: number;
  /** No longer sold at all, whatever the stock. */
  readonly gone?: boolean;
}

export type Refusal =
  | { readonly kind: "declined"; readonly declineCode: string }
  | { readonly kind: "rejected" }
  | { readonly kind: "out_of_stock"; readonly lines: readonly ShortLine[] }
  | { readonly kind: "price_changed" }
  | { readonly kind: "total_changed"; readonly before: MoneyView; readonly now: MoneyView }
  | { readonly kind: "content_changed" }
  /** No answer: it may have worked. */
  | { readonly kind: "unknown" };

export function RefusalNotice({ page, refusal }: { readonly page: PageContext; readonly refusal: Refusal }) {
  const { refused } = checkoutTexts(page.locale);
  switch (refusal.kind) {
    case "declined":
      return (
        <Notice tone="error" title={refused.declinedTitle}>
          {declineText(refusal.declineCode, refused)}
        </Notice>
      );
    case "rejected":
      return (
        <Notice tone="error" title={refused.declinedTitle}>
          {refused.rejected}
        </Notice>
      );
    case "out_of_stock":
      return <Shortage page={page} lines={refusal.lines} />;
    case "price_changed":
      return (
        <Notice tone="warning" title={refused.priceTitle}>
          {refused.price}
        </Notice>
      );
    case "total_changed":
      return (
        <Notice tone="warning" title={refused.totalTitle}>
          {refused.total(formatMoney(page, refusal.before), formatMoney(page, refusal.now))}
        </Notice>
      );
    case "content_changed":
      return (
        <Notice tone="warning" title={refused.contentTitle}>
          {refused.content}
        </Notice>
      );
    case "unknown":
      return (
        <Notice tone="warning" title={refused.unknownTitle}>
          {refused.unknown}
        </Notice>
      );
  }
}

export function declineText(declineCode: string, refused: CheckoutTexts["refused"]): string {
  switch (declineCode) {
    case "insufficient_funds":
      return refused.insufficient;
    case "payment_intent_authentication_failure":
    case "authentication_required":
      return refused.authentication;
    case "payment_expired":
      return refused.expired;
    case "abandoned":
      return refused.abandoned;
    default:
      return refused.declined;
  }
}

/** Live stock says it on opening the page, the hold says it on paying: the same block for both. */
function Shortage({ page, lines }: { readonly page: PageContext; readonly lines: readonly ShortLine[] }) {
  const { refused, stock } = checkoutTexts(page.locale);
  return (
    <Notice tone="error" title={refused.outOfStockTitle}>
      <p>{refused.outOfStock}</p>
      <ul class="shortages">
        {lines.map(({ line, left, gone }) => (
          <li>
            <p>
              <strong>{line.title}</strong>:{" "}
              {gone === true ? refused.gone : left === 0 ? stock.soldOut : stock.short(left, line.quantity)}
            </p>
            <ShortageActions page={page} backTo="checkout" sku={line.sku} title={line.title} left={gone === true ? 0 : left} />
          </li>
        ))}
      </ul>
      {lines.length > 1 && !lines.some(({ gone }) => gone === true) ? <FixAll page={page} backTo="checkout" /> : null}
    </Notice>
  );
}

/** Every bad field with a link to it; the page's focus starts here. */
export function ErrorSummary({ page, errors }: { readonly page: PageContext; readonly errors: FieldErrors }) {
  const entries = Object.entries(errors) as [CheckoutField, string][];
  if (entries.length === 0) return null;
  return (
    <Notice tone="error" title={checkoutTexts(page.locale).errors.title}>
      <ul class="error-summary">
        {entries.map(([field, text]) => (
          <li>
            <a href={`#${field}`}>{text}</a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
