/** Orders in a list: number, date, what became of them, and the way to their page. Pure. */
import { formatDate } from "../../format-date.ts";
import { formatMoney, link, type PageContext } from "../../page-context.ts";
import type { OrderSummary } from "../../peers/account.ts";
import { accountTexts } from "../../texts/account.ts";

/** Attempts that came to nothing: the shopper has seen why at the till. */
export function worthShowing(orders: readonly OrderSummary[]): OrderSummary[] {
  return orders.filter(({ status }) => status !== "failed");
}

export function OrderList({ page, orders }: { readonly page: PageContext; readonly orders: readonly OrderSummary[] }) {
  return (
    <ul class="order-list">
      {orders.map((order) => (
        <OrderRow page={page} order={order} />
      ))}
    </ul>
  );
}

function OrderRow({ page, order }: { readonly page: PageContext; readonly order: OrderSummary }) {
  const { orders: texts } = accountTexts(page.locale);
  const title = order.number === null ? texts.withoutNumber : texts.number(order.number);
  return (
    <li class="order-row">
      <div class="order-row-main">
        <a class="order-row-link" href={link(page, `/orders/${order.id}`)}>
          {title}
        </a>
        <p class="order-row-facts">
          <time datetime={order.created_at}>{formatDate(page, order.created_at)}</time> · {texts.items(order.units)}
        </p>
      </div>
      <p class={`order-status order-status-${order.status}`}>{texts.status[order.status]}</p>
      <p class="order-row-sum">
        {formatMoney(page, order.total)}
        {order.refunded.amount_minor === 0 ? null : (
          <span class="order-row-refund">{texts.refunded(formatMoney(page, order.refunded))}</span>
        )}
      </p>
    </li>
  );
}

export function NoOrders({ page }: { readonly page: PageContext }) {
  const { orders: texts } = accountTexts(page.locale);
  return (
    <div class="account-empty">
      <p>{texts.none}</p>
      <p>
        <a class="button button-secondary" href={link(page, "/")}>
          {texts.browse}
        </a>
      </p>
    </div>
  );
}
