/**
 * Cookies of the shop's pages that the gateway verifies. `__Host-` binds them to this host and to TLS; their values are
 * capability tokens (`capability-token.ts`), so nothing has to be looked up to know that they are ours.
 */

/** The cart's token. */
export const CART_COOKIE = "__Host-holdfast-cart";
/** The token of the order that was placed last. */
export const ORDER_COOKIE = "__Host-holdfast-order";
/** A capability token of the signed-in session's id. */
export const SESSION_COOKIE = "__Host-holdfast-session";
/** On which side of a gradual move the browser is (`gateway/strangler`): a number that thousands share, not a token. */
export const SIDE_COOKIE = "__Host-holdfast-side";
