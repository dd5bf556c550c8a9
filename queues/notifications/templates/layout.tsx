/**
 * The frame of every mail: one column that a phone, a webmail and a dark screen can show. Styles are inline, since many
 * mail programs drop style sheets; the sheet only turns the colours for dark screens.
 */
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { LOCALE_DEFAULT, type Locale } from "../../../workers/shared/locales.ts";
import type { FigureRow } from "./format.ts";
import type { MessageView } from "./message-view.ts";

const DARK_SHEET = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #16181d !important; color: #e8eaed !important; }
  .card { background-color: #202329 !important; border-color: #3c4048 !important; }
  .quiet { color: #aab0ba !important; }
  .rule { border-color: #3c4048 !important; }
  .button { background-color: #8ab4f8 !important; color: #16181d !important; }
}`;

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const PAGE = `margin:0;padding:24px 12px;background-color:#f2f3f5;color:#1d2127;${FONT};font-size:16px;line-height:1.5`;
const CARD = "max-width:600px;margin:0 auto;padding:28px;background-color:#ffffff;border:1px solid #dfe2e7;border-radius:8px";
const BUTTON =
  "display:inline-block;padding:12px 20px;background-color:#1a56b0;color:#ffffff;border-radius:6px;text-decoration:none;font-weight:600";
const QUIET = "color:#5a6270;font-size:14px";
const HIDDEN = "display:none;max-height:0;overflow:hidden;opacity:0";
const CELL = "padding:8px 0;border-top:1px solid #dfe2e7;vertical-align:top";
const FIGURE = "padding:4px 0;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums";

interface LayoutProps {
  readonly view: Pick<MessageView, "shopName">;
  readonly language?: Locale;
  readonly title: string;
  /** What an inbox shows beside the subject. */
  readonly preview: string;
  /** The one thing to do; absent when there is nothing. */
  readonly button: { readonly label: string; readonly url: string } | null;
  /** Why this mail came. */
  readonly reason: string;
  readonly children?: Child;
}

export function Layout({ view, language = LOCALE_DEFAULT, title, preview, button, reason, children }: LayoutProps) {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{title}</title>
        <style>{raw(DARK_SHEET)}</style>
      </head>
      <body class="page" style={PAGE}>
        <div style={HIDDEN}>{preview}</div>
        <div class="card" style={CARD}>
          <p class="quiet" style={`${QUIET};margin:0 0 4px`}>
            {view.shopName}
          </p>
          <h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">{title}</h1>
          {children}
          {button === null ? null : (
            <p style="margin:24px 0">
              <a class="button" style={BUTTON} href={button.url}>
                {button.label}
              </a>
            </p>
          )}
          <p class="quiet" style={`${QUIET};margin:0`}>
            {reason}
          </p>
        </div>
      </body>
    </html>
  );
}

export interface LineRow {
  readonly title: string;
  /** SKU and unit price, or whatever explains the line. */
  readonly detail: string;
  readonly quantity: number;
  /** Absent where the message is not about money. */
  readonly amount?: string;
}

export function LinesTable({ lines, caption }: { readonly lines: readonly LineRow[]; readonly caption: string }) {
  const priced = lines.some((line) => line.amount !== undefined);
  const heading = `${QUIET};padding:0 0 6px;font-weight:400`;
  return (
    <table
      width="100%"
      cellpadding="0"
      cellspacing="0"
      style="border-collapse:collapse;width:100%;margin:0 0 8px"
      aria-label={caption}
    >
      <thead>
        <tr>
          <th class="quiet" scope="col" style={`${heading};text-align:left`}>
            Item
          </th>
          <th class="quiet" scope="col" style={`${heading};text-align:right`}>
            Quantity
          </th>
          {priced ? (
            <th class="quiet" scope="col" style={`${heading};text-align:right`}>
              Amount
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr>
            <td class="rule" style={`${CELL};overflow-wrap:anywhere`}>
              {line.title}
              <div class="quiet" style={QUIET}>
                {line.detail}
              </div>
            </td>
            <td class="rule" style={`${CELL};text-align:right;padding-left:12px`}>
              {line.quantity}
            </td>
            {priced ? (
              <td class="rule" style={`${CELL};text-align:right;padding-left:12px;white-space:nowrap`}>
                {line.amount}
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function FiguresTable({ rows, caption }: { readonly rows: readonly FigureRow[]; readonly caption: string }) {
  return (
    <table
      class="rule"
      width="100%"
      cellpadding="0"
      cellspacing="0"
      style="border-collapse:collapse;width:100%;margin:0 0 16px;border-top:2px solid #dfe2e7"
      aria-label={caption}
    >
      <tbody>
        {rows.map((row) => (
          <tr>
            <th scope="row" style={`padding:4px 0;text-align:left;font-weight:${row.isTotal ? 700 : 400}`}>
              {row.label}
            </th>
            <td style={`${FIGURE};font-weight:${row.isTotal ? 700 : 400}`}>{row.amount}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function AddressBlock({ lines }: { readonly lines: readonly string[] }) {
  return (
    <div>
      <h2 style="margin:16px 0 4px;font-size:16px">Delivery address</h2>
      <p style="margin:0">
        {lines.map((line, index) => (
          <>
            {index === 0 ? null : <br />}
            {line}
          </>
        ))}
      </p>
    </div>
  );
}

/** The frame of a mail about an order. */
export function OrderLayout({ view, ...mail }: Omit<LayoutProps, "button" | "reason" | "view"> & { readonly view: MessageView }) {
  const reason = `You receive this mail because of an order at ${view.shopName}. Whoever has it can open the order: keep it to yourself.`;
  return <Layout view={view} {...mail} button={{ label: "View your order", url: view.orderUrl }} reason={reason} />;
}
