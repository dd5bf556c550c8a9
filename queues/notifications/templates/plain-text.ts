/** The text form of a mail, for readers without HTML: paragraphs, and columns that line up. Pure. */
import { addressLines, type FigureRow } from "./format.ts";
import type { MessageView } from "./message-view.ts";

export function textLines(
  lines: readonly { readonly title: string; readonly quantity: number; readonly amount?: string }[],
): string {
  return lines
    .map((line) => `${line.quantity} x ${line.title}${line.amount === undefined ? "" : ` - ${line.amount}`}`)
    .join("\n");
}

export function textFigures(rows: readonly FigureRow[]): string {
  const width = Math.max(0, ...rows.map((row) => row.label.length));
  const amountWidth = Math.max(0, ...rows.map((row) => row.amount.length));
  return rows.map((row) => `${row.label.padEnd(width)}  ${row.amount.padStart(amountWidth)}`).join("\n");
}

export function textAddress(view: MessageView): string {
  return ["Delivery address:", ...addressLines(view.order.shippingAddress)].join("\n");
}

export function textMessage(view: MessageView, paragraphs: readonly string[]): string {
  const closing = `View your order (whoever has this link can open it):\n${view.orderUrl}`;
  return `${[...paragraphs, closing, `-- \n${view.shopName}`].join("\n\n")}\n`;
}
