/** Number, date, state, payment, refunds and address of an order. Pure. */
import { countryName } from "../../country-names.ts";
import { formatDate, formatTime } from "../../format-date.ts";
import { formatMoney, type PageContext } from "../../page-context.ts";
import type { OrderView } from "../../peers/orders.ts";
import { orderTexts } from "../../texts/checkout.ts";
import { addressFormat } from "./address-formats.ts";
import { optionName } from "./choices.tsx";

interface OrderFactsProps {
  readonly page: PageContext;
  readonly order: OrderView;
}

export function OrderFacts({ page, order }: OrderFactsProps) {
  const texts = orderTexts(page.locale);
  const { payment, refunds } = order;
  return (
    <section class="order-facts" aria-labelledby="order-facts-title">
      <h2 id="order-facts-title">{order.number === null ? texts.titleNoNumber : texts.title(order.number)}</h2>
      <dl>
        <dt>{texts.statusLabel}</dt>
        <dd>{texts.status[order.status]}</dd>
        <dt>{texts.date}</dt>
        <dd>
          <time datetime={order.created_at}>{formatTime(page, order.created_at)}</time>
        </dd>
        <dt>{texts.payment}</dt>
        <dd>
          {formatMoney(page, payment.amount)}, {texts.paymentStatus[payment.status] ?? payment.status}
        </dd>
        {refunds.length === 0 ? null : (
          <>
            <dt>{texts.refunds}</dt>
            {refunds.map((refund) => (
              <dd>{texts.refundAt(formatMoney(page, refund.amount), formatDate(page, refund.at))}</dd>
            ))}
          </>
        )}
        <dt>{texts.delivery}</dt>
        <dd>{optionName(page, order.shipping_option.id, order.shipping_option.name)}</dd>
        <dt>{texts.address}</dt>
        <dd>
          <address>
            {addressLines(page, order.shipping_address).map((line) => (
              <span class="address-line">{line}</span>
            ))}
          </address>
        </dd>
      </dl>
    </section>
  );
}

/** As it stands on a parcel of that country. */
export function addressLines(page: PageContext, address: OrderView["shipping_address"]): string[] {
  const rows = addressFormat(address.country).rows.map((row) =>
    row
      .flatMap((field) => (field === "phone" ? [] : [address[field] ?? ""]))
      .filter((part) => part !== "")
      .join(" "),
  );
  return [...rows.filter((row) => row !== ""), countryName(page, address.country)];
}
