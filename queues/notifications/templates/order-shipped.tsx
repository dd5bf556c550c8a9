/** "It is on its way": what is in the parcel, by whom, and whether more follows. Pure. */
import type { NotificationDetails } from "../decide-notifications.ts";
import { addressLines, oneLine, orderName, titleOf } from "./format.ts";
import { AddressBlock, LinesTable, OrderLayout } from "./layout.tsx";
import type { MessageContent, MessageView } from "./message-view.ts";
import { textAddress, textLines, textMessage } from "./plain-text.ts";
import { renderHtml } from "./render-html.ts";

type Shipped = Extract<NotificationDetails, { template: "order_shipped" }>;

export function orderShipped(view: MessageView, shipped: Shipped): MessageContent {
  const { order } = view;
  const name = orderName(order);
  const title = shipped.complete ? `Your order ${name} is on its way` : `Part of your order ${name} is on its way`;
  const rest = shipped.complete ? "This completes your order." : "The rest follows; we will write again.";
  const tracking = trackingLine(shipped);
  const short = `${view.shopName}: ${title.charAt(0).toLowerCase()}${title.slice(1)}.`;
  const lines = shipped.lines.map(({ sku, quantity }) => ({ title: oneLine(titleOf(order, sku)), detail: sku, quantity }));
  const html = renderHtml(
    <OrderLayout view={view} title={title} preview={short}>
      <p style="margin:0 0 8px">{rest}</p>
      {tracking === null ? null : <p style="margin:0 0 20px">{tracking}</p>}
      <LinesTable lines={lines} caption="What is in the parcel" />
      <AddressBlock lines={addressLines(order.shippingAddress)} />
    </OrderLayout>,
  );
  const paragraphs = [title, rest, ...(tracking === null ? [] : [tracking]), textLines(lines), textAddress(view)];
  return { subject: oneLine(title), html, text: textMessage(view, paragraphs), short };
}

/** A carrier's tracking page differs by country and contract: the number is what every carrier takes. */
function trackingLine({ carrier, trackingNumber }: Shipped): string | null {
  if (carrier === null && trackingNumber === null) return null;
  const by = carrier === null ? "Sent" : `Sent with ${oneLine(carrier)}`;
  return trackingNumber === null ? `${by}.` : `${by}, tracking number ${oneLine(trackingNumber)}.`;
}
