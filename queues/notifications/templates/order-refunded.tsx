/** "Your money is coming back": how much, for which lines, and what was refunded in all. Pure. */
import type { NotificationDetails } from "../decide-notifications.ts";
import { type FigureRow, money, oneLine, orderName, titleOf } from "./format.ts";
import { FiguresTable, LinesTable, OrderLayout } from "./layout.tsx";
import type { MessageContent, MessageView } from "./message-view.ts";
import { textFigures, textLines, textMessage } from "./plain-text.ts";
import { renderHtml } from "./render-html.ts";

type Refunded = Extract<NotificationDetails, { template: "order_refunded" }>;

export function orderRefunded(view: MessageView, refunded: Refunded): MessageContent {
  const { order } = view;
  const name = orderName(order);
  const amount = money(refunded.amountMinor, order.currency);
  const title = `We refunded ${amount} of your order ${name}`;
  const intro = "The money goes back the way you paid. Banks take up to ten working days to show it.";
  const short = `${view.shopName}: we refunded ${amount} of your order ${name}.`;
  const lines = refunded.lines.map((line) => ({
    title: oneLine(titleOf(order, line.sku)),
    detail: line.sku,
    quantity: line.quantity,
    amount: money(line.amountMinor, order.currency),
  }));
  const figures: FigureRow[] = [
    { label: "Refunded now", amount, isTotal: true },
    { label: "Order total", amount: money(order.totals.totalMinor, order.currency), isTotal: false },
  ];
  const html = renderHtml(
    <OrderLayout view={view} title={title} preview={short}>
      <p style="margin:0 0 20px">{intro}</p>
      {lines.length === 0 ? null : <LinesTable lines={lines} caption="What the refund is for" />}
      <FiguresTable rows={figures} caption="Amounts" />
    </OrderLayout>,
  );
  const text = textMessage(view, [title, intro, ...(lines.length === 0 ? [] : [textLines(lines)]), textFigures(figures)]);
  return { subject: oneLine(title), html, text, short };
}
