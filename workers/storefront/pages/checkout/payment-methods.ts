/**
 * How an order can be paid: the id that the checkout takes as `payment_method`. These are the sandbox's test cards. A live
 * provider's own fields would make such an id in the browser and put it into the same form field; nothing else changes.
 */

/** In the order in which they are offered; the first is chosen unless the shopper chooses. */
export const PAYMENT_METHODS = [
  "pm_card_visa",
  "pm_card_authenticationRequired",
  "pm_card_chargeDeclined",
  "pm_card_chargeDeclinedInsufficientFunds",
] as const;

export function isPaymentMethod(id: string): boolean {
  return (PAYMENT_METHODS as readonly string[]).includes(id);
}
