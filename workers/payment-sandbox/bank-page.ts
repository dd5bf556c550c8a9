/** The pages of the shopper's bank: a question with two buttons, or what became of it. Server-rendered, no script. Pure. */
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Challenge } from "../../durable-objects/sandbox-account/contract.ts";
import { formatMoney } from "../shared/money.ts";

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = `
  :root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }
  main { width: min(26rem, calc(100vw - 2rem)); padding: 2rem; border: 1px solid color-mix(in srgb, CanvasText 25%, Canvas); border-radius: .75rem; box-sizing: border-box; }
  h1 { margin: 0 0 1rem; font-size: 1.35rem; line-height: 1.25; }
  .amount { margin: 0 0 1rem; font-size: 2rem; font-weight: 700; }
  .note { margin: 1.5rem 0 0; font-size: .9rem; opacity: .8; overflow-wrap: anywhere; }
  form { margin: 0 0 .75rem; }
  button { width: 100%; min-height: 3rem; border-radius: .5rem; border: 2px solid #0b5a3c; font: inherit; font-weight: 600; cursor: pointer; }
  .approve { background: #0b5a3c; color: #fff; }
  .decline { background: Canvas; color: CanvasText; border-color: currentColor; }
  button:focus-visible, a:focus-visible { outline: 3px solid #1a73e8; outline-offset: 3px; }
`;

function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`;
}

function amountOf(challenge: Challenge): string {
  return formatMoney({ amountMinor: challenge.amountMinor, currency: challenge.currency.toUpperCase() }, "en-GB");
}

export function questionPage(challenge: Challenge, clientSecret: string): Html {
  const base = `/payment-sandbox/authenticate/${challenge.paymentIntentId}`;
  const answerForm = (action: "approve" | "decline", label: string) =>
    html`<form method="post" action="${base}/${action}">
      <input type="hidden" name="client_secret" value="${clientSecret}" />
      <button type="submit" class="${action}">${label}</button>
    </form>`;
  return page(
    "Confirm your payment",
    html`<h1>Confirm your payment</h1>
      <p>Your bank asks whether this payment is yours.</p>
      <p class="amount">${amountOf(challenge)}</p>
      ${answerForm("approve", "Approve payment")} ${answerForm("decline", "Decline")}
      <p class="note">This is the payment sandbox: no money moves. Payment ${challenge.paymentIntentId}</p>`,
  );
}

const OUTCOMES: Readonly<Record<string, string>> = {
  requires_capture: "This payment was already approved. There is nothing left to do here.",
  succeeded: "This payment is already finished. There is nothing left to do here.",
  canceled: "This payment was cancelled, because it took too long or the order was given up. Nothing was charged.",
  requires_payment_method: "This payment was declined. Nothing was charged. You can choose another way to pay in the shop.",
};

export function overPage(challenge: Challenge): Html {
  const back =
    challenge.returnUrl === null ? "" : html`<p><a href="${challenge.returnUrl}" rel="noreferrer">Go back to the shop</a></p>`;
  return page(
    "Payment not open",
    html`<h1>This payment is no longer open</h1>
      <p class="amount">${amountOf(challenge)}</p>
      <p>${OUTCOMES[challenge.status] ?? "There is nothing to confirm for this payment."}</p>
      ${back}
      <p class="note">Payment ${challenge.paymentIntentId}</p>`,
  );
}

export function answeredPage(challenge: Challenge, succeeded: boolean): Html {
  const text = succeeded ? "You approved the payment." : "The payment was declined. Nothing was charged.";
  return page(
    "Thank you",
    html`<h1>${text}</h1>
      <p class="amount">${amountOf(challenge)}</p>
      <p>You can close this page.</p>`,
  );
}

export function unknownPage(): Html {
  return page(
    "No such payment",
    html`<h1>There is no such payment</h1>
      <p>The link is incomplete or was changed. Open it again as the shop gave it.</p>`,
  );
}
