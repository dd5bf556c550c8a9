/** The articles of an order and what they came to, as a table that also reads well on paper. Pure. */
import { formatMoney, intlLocale, type PageContext } from "../../page-context.ts";
import type { OrderView } from "../../peers/orders.ts";
import { checkoutTexts, orderTexts } from "../../texts/checkout.ts";
import { optionName } from "./choices.tsx";

interface OrderLinesProps {
  readonly page: PageContext;
  readonly order: OrderView;
}

const BASIS_POINTS = 10_000;
/** While these last the total is still to be paid. */
const OPEN_PAYMENTS: readonly string[] = ["pending", "requires_action", "authorized"];

export function OrderLines({ page, order }: OrderLinesProps) {
  const texts = orderTexts(page.locale);
  return (
    <section aria-labelledby="order-lines-title" class="order-lines">
      <h2 id="order-lines-title">{texts.lines}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.article}</th>
            <th scope="col" class="number">
              {texts.quantity}
            </th>
            <th scope="col" class="number order-unit-price">
              {texts.price}
            </th>
            <th scope="col" class="number">
              {texts.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <tr>
              <td>
                {line.title}
                <span class="order-sku">{line.sku}</span>
              </td>
              <td class="number">{line.quantity}</td>
              <td class="number order-unit-price">{formatMoney(page, line.unit_price)}</td>
              <td class="number">{formatMoney(page, line.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <OrderTotals page={page} order={order} />
    </section>
  );
}

function OrderTotals({ page, order }: OrderLinesProps) {
  const { cart, checkout } = checkoutTexts(page.locale);
  const texts = orderTexts(page.locale);
  const { subtotal, discount, shipping, tax, total } = order.totals;
  const rate = new Intl.NumberFormat(intlLocale(page), { style: "percent", maximumFractionDigits: 2 }).format(
    order.tax_rate_basis_points / BASIS_POINTS,
  );
  const added = !order.tax_included && tax.amount_minor > 0;
  return (
    <dl class="totals">
      <div>
        <dt>{cart.subtotal}</dt>
        <dd>{formatMoney(page, subtotal)}</dd>
      </div>
      {discount.amount_minor === 0 ? null : (
        <div>
          <dt>{cart.discount}</dt>
          <dd>−{formatMoney(page, discount)}</dd>
        </div>
      )}
      <div>
        <dt>
          {cart.shipping}: {optionName(page, order.shipping_option.id, order.shipping_option.name)}
        </dt>
        <dd>{shipping.amount_minor === 0 ? cart.shippingFree : formatMoney(page, shipping)}</dd>
      </div>
      {added ? (
        <div>
          <dt>{texts.taxAdded(rate)}</dt>
          <dd>{formatMoney(page, tax)}</dd>
        </div>
      ) : null}
      <div class="totals-sum">
        <dt>{OPEN_PAYMENTS.includes(order.payment.status) ? checkout.totalDue : cart.total}</dt>
        <dd>{formatMoney(page, total)}</dd>
      </div>
      {order.tax_included && tax.amount_minor > 0 ? (
        <div class="totals-note">
          <dt>{texts.vatIncluded(rate)}</dt>
          <dd>{formatMoney(page, tax)}</dd>
        </div>
      ) : null}
      {tax.amount_minor === 0 && order.tax_rate_basis_points === 0 ? (
        <div class="totals-note">
          <dt>{texts.noVat}</dt>
          <dd></dd>
        </div>
      ) : null}
    </dl>
  );
}
