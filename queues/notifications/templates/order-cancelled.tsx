/** "Your order will not come": and what became of the money. Pure. */
import { money, oneLine, orderName } from "./format.ts";
import { LinesTable, OrderLayout } from "./layout.tsx";
import type { MessageContent, MessageView } from "./message-view.ts";
import { textLines, textMessage } from "./plain-text.ts";
import { renderHtml } from "./render-html.ts";

export function orderCancelled(view: MessageView): MessageContent {
  const { order } = view;
  const name = orderName(order);
  const title = `Your order ${name} is cancelled`;
  const refunded = money(order.payment.refundedMinor, order.currency);
  const aboutMoney =
    order.payment.refundedMinor > 0
      ? `We refunded ${refunded}, the way you paid. Banks take up to ten working days to show it.`
      : "No money was kept; a reservation on your card disappears by itself.";
  const short = `${view.shopName}: your order ${name} is cancelled.`;
  const lines = order.lines.map((line) => ({ title: oneLine(line.title), detail: line.sku, quantity: line.quantity }));
  const html = renderHtml(
    <OrderLayout view={view} title={title} preview={short}>
      <p style="margin:0 0 20px">{aboutMoney}</p>
      <LinesTable lines={lines} caption="What was ordered" />
    </OrderLayout>,
  );
  return { subject: oneLine(title), html, text: textMessage(view, [title, aboutMoney, textLines(lines)]), short };
}
