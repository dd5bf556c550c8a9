/** Where the shopper lands after 3-D Secure, and where they go from there. Pure. */
import * as z from "zod";

const RETURN_URL_MAX_LENGTH = 2_000;

/**
 * The address handed to the payment provider. The partition fills in `{order_id}` and `{order_token}`, so that the
 * landing needs no session.
 */
export function paymentReturnUrl(publicUrl: string, returnUrl: string | undefined): string {
  const landing = `${publicUrl.replace(/\/$/, "")}/v1/orders/{order_id}/payment-return?order_token={order_token}`;
  return returnUrl === undefined ? landing : `${landing}&return_url=${encodeURIComponent(returnUrl)}`;
}

/** An http(s) URL on one of our origins: anything else would make us an open redirect. */
export function returnUrlSchema(origins: readonly string[]) {
  return z
    .url({ protocol: /^https?$/ })
    .max(RETURN_URL_MAX_LENGTH)
    .refine((text) => isAllowed(text, origins), "must be on an origin of this shop");
}

function isAllowed(text: string, origins: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && origins.includes(url.origin) && url.username === "" && url.password === "";
}

/** The shop's page, told which order came back and how it stands. */
export function landingUrl(returnUrl: string, orderId: string, status: string): string {
  const url = new URL(returnUrl);
  url.searchParams.set("order_id", orderId);
  url.searchParams.set("order_status", status);
  return url.toString();
}

/** For a browser whose shop gave no page of its own. All values are ours: an id, a number, a status. */
export function landingPage(order: { readonly number: string | null; readonly status: string }): string {
  const text: Readonly<Record<string, string>> = {
    placed: `Thank you. Your order ${order.number ?? ""} is placed.`,
    failed: "The payment did not succeed. Nothing was charged.",
    cancelled: "This order was cancelled. Nothing was charged.",
  };
  const message = text[order.status] ?? "Your payment is being processed. You can close this page.";
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>Your order</title><h1>Your order</h1><p>${message}</p></html>`
  );
}
