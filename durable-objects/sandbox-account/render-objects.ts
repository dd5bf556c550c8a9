/** Records as the provider's objects. Shapes: the published OpenAPI fixtures of PaymentIntent, Charge, Refund and Event. Pure. */
import type { CardFailure, ChargeRecord, EventRecord, IntentRecord, RefundRecord } from "./records.ts";
import { chargeOf } from "./records.ts";
import { type TestCard, testCard } from "./test-cards.ts";

/** The version that our objects have the shape of: the one that the pinned SDK asks for. */
export const API_VERSION = "2026-10-28.endive";

/** Where a shopper answers the bank; null outside a browser. */
export interface RenderOptions {
  readonly publicUrl: string;
  /** Paths such as `latest_charge` that are to be objects instead of ids. */
  readonly expand: ReadonlySet<string>;
}

const CARD_EXPIRY = { exp_month: 12, exp_year: 2034 } as const;
const NO_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null } as const;
const NO_BILLING_DETAILS = { address: NO_ADDRESS, email: null, name: null, phone: null, tax_id: null } as const;

function seconds(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}

export function renderIntent(intent: IntentRecord, options: RenderOptions): Record<string, unknown> {
  const authorized = intent.status === "requires_capture";
  const latestCharge = intent.charges.at(-1);
  return {
    id: intent.id,
    object: "payment_intent",
    amount: intent.amount,
    amount_capturable: authorized ? intent.amount : 0,
    amount_details: { tip: {} },
    amount_received: intent.amountCaptured,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: intent.automaticPaymentMethods ? { allow_redirects: "always", enabled: true } : null,
    canceled_at: intent.canceledMs === null ? null : seconds(intent.canceledMs),
    cancellation_reason: intent.cancellationReason,
    capture_method: intent.captureMethod,
    client_secret: intent.clientSecret,
    confirmation_method: intent.confirmationMethod,
    created: seconds(intent.createdMs),
    currency: intent.currency,
    customer: intent.customer,
    customer_account: null,
    description: intent.description,
    excluded_payment_method_types: null,
    last_payment_error: intent.failure === null ? null : renderFailure(intent.failure, intent),
    latest_charge:
      latestCharge !== undefined && options.expand.has("latest_charge")
        ? renderCharge(latestCharge, intent)
        : (latestCharge?.id ?? null),
    livemode: false,
    metadata: intent.metadata,
    next_action: intent.status === "requires_action" ? renderNextAction(intent, options.publicUrl) : null,
    on_behalf_of: null,
    payment_method: expandedMethod(intent.paymentMethod, options),
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: intent.paymentMethodTypes,
    processing: null,
    receipt_email: intent.receiptEmail,
    review: null,
    setup_future_usage: intent.setupFutureUsage,
    shipping: intent.shipping,
    source: null,
    statement_descriptor: intent.statementDescriptor,
    statement_descriptor_suffix: intent.statementDescriptorSuffix,
    status: intent.status,
    transfer_data: null,
    transfer_group: intent.transferGroup,
  };
}

function expandedMethod(paymentMethod: string | null, options: RenderOptions): unknown {
  const card = paymentMethod === null ? undefined : testCard(paymentMethod);
  if (paymentMethod === null || card === undefined || !options.expand.has("payment_method")) return paymentMethod;
  return renderPaymentMethod(paymentMethod, card);
}

function renderNextAction(intent: IntentRecord, publicUrl: string): Record<string, unknown> {
  const url = new URL(`${publicUrl}/payment-sandbox/authenticate/${intent.id}`);
  url.searchParams.set("client_secret", intent.clientSecret);
  return { type: "redirect_to_url", redirect_to_url: { return_url: intent.returnUrl, url: url.toString() } };
}

function renderFailure(failure: CardFailure, intent: IntentRecord): Record<string, unknown> {
  const charge = intent.charges.at(-1);
  return {
    ...(charge?.failure == null ? {} : { charge: charge.id }),
    code: failure.code,
    ...(failure.declineCode === null ? {} : { decline_code: failure.declineCode }),
    message: failure.message,
    type: failure.declineCode === null ? "invalid_request_error" : "card_error",
  };
}

export function renderCharge(charge: ChargeRecord, intent: IntentRecord): Record<string, unknown> {
  const succeeded = charge.failure === null;
  const captured = succeeded && intent.status === "succeeded";
  const refunded = succeeded ? intent.amountRefunded : 0;
  return {
    id: charge.id,
    object: "charge",
    amount: intent.amount,
    amount_captured: captured ? intent.amountCaptured : 0,
    amount_refunded: refunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: captured ? charge.id.replace(/^ch_/, "txn_") : null,
    billing_details: NO_BILLING_DETAILS,
    calculated_statement_descriptor: intent.statementDescriptor,
    captured,
    created: seconds(charge.createdMs),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: charge.failure?.code ?? null,
    failure_message: charge.failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: renderOutcome(charge.failure),
    paid: succeeded,
    payment_intent: intent.id,
    payment_method: charge.paymentMethod,
    payment_method_details: renderMethodDetails(charge),
    receipt_email: intent.receiptEmail,
    receipt_number: null,
    receipt_url: null,
    refunded: captured && refunded === intent.amountCaptured,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statementDescriptor,
    statement_descriptor_suffix: intent.statementDescriptorSuffix,
    status: succeeded ? "succeeded" : "failed",
    transfer_data: null,
    transfer_group: intent.transferGroup,
  };
}

function renderOutcome(failure: CardFailure | null): Record<string, unknown> {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: failure === null ? "approved_by_network" : "declined_by_network",
    reason: failure?.declineCode ?? null,
    seller_message: failure === null ? "Payment complete." : failure.message,
    type: failure === null ? "authorized" : "issuer_declined",
  };
}

function renderMethodDetails(charge: ChargeRecord): Record<string, unknown> {
  const card = testCard(charge.paymentMethod);
  return {
    type: "card",
    card: {
      ...(card === undefined ? {} : { brand: card.brand, funding: card.funding, last4: card.last4, network: card.brand }),
      ...CARD_EXPIRY,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country: "US",
      installments: null,
      mandate: null,
      three_d_secure: charge.authenticated
        ? { authentication_flow: "challenge", result: "authenticated", result_reason: null, version: "2.2.0" }
        : null,
      wallet: null,
    },
  };
}

export function renderPaymentMethod(id: string, card: TestCard): Record<string, unknown> {
  return {
    id,
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: NO_BILLING_DETAILS,
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country: "US",
      display_brand: card.brand,
      ...CARD_EXPIRY,
      funding: card.funding,
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: 0,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: "card",
  };
}

export function renderRefund(refund: RefundRecord): Record<string, unknown> {
  return {
    id: refund.id,
    object: "refund",
    amount: refund.amount,
    balance_transaction: refund.id.replace(/^re_/, "txn_"),
    charge: refund.chargeId,
    created: seconds(refund.createdMs),
    currency: refund.currency,
    destination_details: {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    },
    metadata: refund.metadata,
    payment_intent: refund.intentId,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  };
}

/** @param pendingWebhooks deliveries that are still to be made. */
export function renderEvent(event: EventRecord, pendingWebhooks: number, publicUrl: string): Record<string, unknown> {
  const charge = chargeOf(event.intent);
  const isAboutCharge = event.type === "charge.refunded" && charge !== undefined;
  const object = isAboutCharge
    ? renderCharge(charge, event.intent)
    : renderIntent(event.intent, { publicUrl, expand: new Set() });
  return {
    id: event.id,
    object: "event",
    api_version: API_VERSION,
    created: seconds(event.createdMs),
    data: { object },
    livemode: false,
    pending_webhooks: pendingWebhooks,
    request: { id: event.requestId, idempotency_key: event.idempotencyKey },
    type: event.type,
  };
}
