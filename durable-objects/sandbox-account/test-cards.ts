/** The test payment methods and how each behaves. Names are the provider's, so that scripts written for it run here. Pure. */
import type { CardFailure } from "./records.ts";

export interface TestCard {
  readonly brand: "visa" | "mastercard" | "amex" | "discover";
  readonly last4: string;
  readonly funding: "credit" | "debit";
  /** The shopper must be asked first. */
  readonly authentication: boolean;
  /** What happens once it is tried; null: the money is there. */
  readonly failure: CardFailure | null;
}

function accepted(brand: TestCard["brand"], last4: string, funding: TestCard["funding"] = "credit"): TestCard {
  return { brand, last4, funding, authentication: false, failure: null };
}

function declined(last4: string, declineCode: string, message = "Your card was declined."): TestCard {
  return { ...accepted("visa", last4), failure: { code: "card_declined", declineCode, message } };
}

function refused(last4: string, code: string, message: string): TestCard {
  return { ...accepted("visa", last4), failure: { code, declineCode: code, message } };
}

const INSUFFICIENT_FUNDS = declined("9995", "insufficient_funds", "Your card has insufficient funds.");
const ASKS_SHOPPER: TestCard = { ...accepted("visa", "3184"), authentication: true };

const CARDS: ReadonlyMap<string, TestCard> = new Map([
  ["pm_card_visa", accepted("visa", "4242")],
  ["pm_card_visa_debit", accepted("visa", "5556", "debit")],
  ["pm_card_mastercard", accepted("mastercard", "4444")],
  ["pm_card_mastercard_debit", accepted("mastercard", "8210", "debit")],
  ["pm_card_amex", accepted("amex", "8431")],
  ["pm_card_discover", accepted("discover", "9424")],
  ["pm_card_chargeDeclined", declined("0002", "generic_decline")],
  ["pm_card_visa_chargeDeclined", declined("0002", "generic_decline")],
  ["pm_card_chargeDeclinedInsufficientFunds", INSUFFICIENT_FUNDS],
  ["pm_card_visa_chargeDeclinedInsufficientFunds", INSUFFICIENT_FUNDS],
  ["pm_card_chargeDeclinedLostCard", declined("9987", "lost_card")],
  ["pm_card_chargeDeclinedStolenCard", declined("9979", "stolen_card")],
  ["pm_card_chargeDeclinedFraudulent", declined("0019", "fraudulent")],
  ["pm_card_chargeDeclinedExpiredCard", refused("0069", "expired_card", "Your card has expired.")],
  ["pm_card_chargeDeclinedIncorrectCvc", refused("0127", "incorrect_cvc", "Your card's security code is incorrect.")],
  [
    "pm_card_chargeDeclinedProcessingError",
    refused("0119", "processing_error", "An error occurred while processing your card. Try again in a little bit."),
  ],
  ["pm_card_authenticationRequired", ASKS_SHOPPER],
  ["pm_card_threeDSecure2Required", { ...ASKS_SHOPPER, last4: "3220" }],
  ["pm_card_threeDSecureRequired", { ...ASKS_SHOPPER, last4: "3063" }],
  [
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
    { ...INSUFFICIENT_FUNDS, last4: "8260", authentication: true },
  ],
  ["pm_card_threeDSecureRequiredChargeDeclined", { ...declined("1629", "generic_decline"), authentication: true }],
]);

export function testCard(paymentMethod: string): TestCard | undefined {
  return CARDS.get(paymentMethod);
}

/** The shopper, or their bank, said no. */
export const AUTHENTICATION_FAILED: CardFailure = {
  code: "payment_intent_authentication_failure",
  declineCode: null,
  message: "The payment method could not be authenticated. Give another payment method or try again.",
};
