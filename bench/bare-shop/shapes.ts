/** What the bare shop passes on and stores, of the size of the shop's own: a cart has 700 bytes with one line, an order 1,700. */

/**
 * What the shopper waits for (`path`), or also what follows an order: webhooks, queues, databases, mail (`whole`). `paid` is whole
 * too, with the provider's SDK and the payment sandbox in place of a trivial provider.
 */
export const DEPTHS = ["path", "whole", "paid"] as const;
export type Depth = (typeof DEPTHS)[number];

/** Both of the bare shop's payment workers. */
export interface BarePaymentsApi {
  /** @returns what to capture. */
  authorize(orderId: string, depth: Depth): Promise<string>;
  capture(paymentId: string, depth: Depth): Promise<void>;
}

export interface Cart {
  readonly id: string;
  readonly token: string;
  readonly lines: readonly { readonly sku: string; readonly filler: string }[];
  readonly address: unknown;
  readonly filler: string;
}

export interface PlacedOrder {
  readonly order: Cart;
  readonly token: string;
  readonly filler: string;
}

export interface Message {
  readonly source: string;
  readonly sequence: number;
  readonly kind: string;
  readonly filler: string;
}

/** In which what nobody waits for gathers, as in the shop. */
export const GATHER_MS = 300;
const CART_FILLER = "c".repeat(350);
export const LINE_FILLER = "l".repeat(190);
export const ORDER_FILLER = "o".repeat(700);
export const EVENT_FILLER = "e".repeat(600);
export const MAIL_TEXT = `<p>${"m".repeat(4_000)}</p>`;

export function emptyCart(id: string): Cart {
  return { id, token: `${id}.token`, lines: [], address: null, filler: CART_FILLER };
}

/** Objects are named by it, so that those of one depth know nothing of the other's orders. */
export function depthOf({ id }: DurableObjectState): Depth {
  return DEPTHS.find((depth) => id.name?.startsWith(depth)) ?? "path";
}
