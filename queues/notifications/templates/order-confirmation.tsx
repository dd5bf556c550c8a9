/** "We have your order": lines, totals with the tax in them, and where it goes. Pure. */
import { addressLines, money, oneLine, orderName, totalsRows } from "./format.ts";
import { AddressBlock, FiguresTable, type LineRow, LinesTable, OrderLayout } from "./layout.tsx";
import type { MessageContent, MessageView } from "./message-view.ts";
import { textAddress, textFigures, textLines, textMessage } from "./plain-text.ts";
import { renderHtml } from "./render-html.ts";

export function orderConfirmation(view: MessageView): MessageContent {
  const { order } = view;
  const name = orderName(order);
  const title = `Thank you for your order ${name}`;
  const total = money(order.totals.totalMinor, order.currency);
  const short = `${view.shopName}: we have your order ${name}, ${total}.`;
  const lines = orderLines(view);
  const figures = totalsRows(order);
  const received = order.totals.totalMinor > 0 ? "your order and your payment" : "your order";
  const intro = `We have received ${received}. We will write again when it is on its way.`;
  const html = renderHtml(
    <OrderLayout view={view} title={title} preview={short}>
      <p style="margin:0 0 20px">{intro}</p>
      <LinesTable lines={lines} caption="What you ordered" />
      <FiguresTable rows={figures} caption="Totals" />
      <AddressBlock lines={addressLines(order.shippingAddress)} />
    </OrderLayout>,
  );
  const text = textMessage(view, [title, intro, textLines(lines), textFigures(figures), textAddress(view)]);
  return { subject: oneLine(`Your order ${name} at ${view.shopName}`), html, text, short };
}

function orderLines({ order }: MessageView): LineRow[] {
  return order.lines.map((line) => ({
    title: oneLine(line.title),
    detail: `${line.sku} · ${money(line.unitPriceMinor, order.currency)} each`,
    quantity: line.quantity,
    amount: money(line.totalMinor, order.currency),
  }));
}
