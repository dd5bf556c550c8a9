/** Where an order has got to: its parcels with their tracking numbers, and what happened when. Pure. */
import { formatDate, formatTime } from "../../format-date.ts";
import type { PageContext } from "../../page-context.ts";
import type { OrderView } from "../../peers/orders.ts";
import { orderTexts } from "../../texts/checkout.ts";

interface OrderProgressProps {
  readonly page: PageContext;
  readonly order: OrderView;
}

export function OrderTimeline({ page, order }: OrderProgressProps) {
  const texts = orderTexts(page.locale);
  const entries = order.timeline.filter(({ type }) => Object.hasOwn(texts.events, type));
  return (
    <section class="timeline" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{texts.timeline}</h2>
      <ol class="timeline-list">
        {entries.map(({ type, at }) => (
          <li>
            <span>{texts.events[type]}</span>
            <time datetime={at}>{formatTime(page, at)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Shipments({ page, order }: OrderProgressProps) {
  const texts = orderTexts(page.locale);
  const titles = new Map(order.lines.map((line) => [line.sku, line.title]));
  return (
    <section class="shipments" aria-labelledby="shipments-title">
      <h2 id="shipments-title">{texts.shipments}</h2>
      {order.shipments.length === 0 ? <p>{texts.notShipped}</p> : null}
      {order.shipments.map((shipment, index) => (
        <article class="shipment">
          <h3>{texts.shipment(index + 1)}</h3>
          <p>
            <time datetime={shipment.at}>{texts.shippedAt(formatDate(page, shipment.at))}</time>
          </p>
          <dl>
            {shipment.carrier === null ? null : (
              <>
                <dt>{texts.carrier}</dt>
                <dd>{shipment.carrier}</dd>
              </>
            )}
            {shipment.tracking_number === null ? null : (
              <>
                <dt>{texts.tracking}</dt>
                <dd>
                  <code>{shipment.tracking_number}</code>
                </dd>
              </>
            )}
          </dl>
          <ul>
            {shipment.lines.map((line) => (
              <li>
                {line.quantity} × {titles.get(line.sku) ?? line.sku}
              </li>
            ))}
          </ul>
        </article>
      ))}
    </section>
  );
}
