/** The calls that change a payment or pay it back: what the parameters ask for, decided and written. */
import type * as z from "zod";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import { type AccountSession, type Answer, refuseAction } from "./account-session.ts";
import { type ApiError, invalidRequest, noSuch } from "./api-error.ts";
import {
  cancelIntent,
  captureIntent,
  confirmIntent,
  type IntentChange,
  type IntentPatch,
  updateIntent,
} from "./decide-intent.ts";
import { refundIntent } from "./decide-refund.ts";
import type { CancelIntent, CaptureIntent, ConfirmIntent, CreateIntent, CreateRefund, UpdateIntent } from "./parameters.ts";
import type { IntentRecord, Metadata } from "./records.ts";
import { renderRefund } from "./render-objects.ts";
import { intentRangeOfCharge, isId, randomText } from "./sandbox-ids.ts";
import { testCard } from "./test-cards.ts";

const CLIENT_SECRET_LENGTH = 32;

type Parameters<S extends z.ZodType> = z.infer<S>;

export function createIntent(session: AccountSession, p: Parameters<typeof CreateIntent>): Answer {
  const paymentMethod = p.payment_method ?? null;
  if (paymentMethod !== null && testCard(paymentMethod) === undefined) {
    return session.refuse(noSuch("PaymentMethod", paymentMethod, "payment_method"));
  }
  const intent = newIntent(session, p);
  if (!p.confirm) return session.settle(undefined, ok({ record: intent, events: [], error: null }), p.expand);
  return session.settle(undefined, confirmed(session, intent, null, p.return_url ?? null, p.error_on_requires_action), p.expand);
}

function newIntent(session: AccountSession, p: Parameters<typeof CreateIntent>): IntentRecord {
  const id = session.newId("pi");
  return {
    id,
    createdMs: session.nowMs,
    amount: p.amount,
    currency: p.currency,
    captureMethod: p.capture_method,
    confirmationMethod: p.confirmation_method,
    status: p.payment_method === undefined ? "requires_payment_method" : "requires_confirmation",
    clientSecret: `${id}_secret_${randomText(CLIENT_SECRET_LENGTH)}`,
    paymentMethod: p.payment_method ?? null,
    paymentMethodTypes: p.payment_method_types ?? ["card"],
    automaticPaymentMethods: p.payment_method_types === undefined && (p.automatic_payment_methods?.enabled ?? true),
    returnUrl: p.return_url ?? null,
    metadata: patched({}, p.metadata),
    receiptEmail: p.receipt_email ?? null,
    description: p.description ?? null,
    customer: p.customer ?? null,
    setupFutureUsage: p.setup_future_usage ?? null,
    statementDescriptor: p.statement_descriptor ?? null,
    statementDescriptorSuffix: p.statement_descriptor_suffix ?? null,
    transferGroup: p.transfer_group ?? null,
    shipping: p.shipping ?? null,
    amountCaptured: 0,
    amountRefunded: 0,
    charges: [],
    failure: null,
    canceledMs: null,
    cancellationReason: null,
  };
}

function confirmed(
  session: AccountSession,
  intent: IntentRecord,
  paymentMethod: string | null,
  returnUrl: string | null,
  errorOnRequiresAction: boolean,
): Result<IntentChange, ApiError> {
  const decision = confirmIntent(intent, { paymentMethod, returnUrl }, session.nowMs);
  return decision.ok && errorOnRequiresAction ? ok(refuseAction(decision.value)) : decision;
}

export function confirmIntentCall(session: AccountSession, p: Parameters<typeof ConfirmIntent>, id: string): Answer {
  return onIntent(session, id, (intent) => {
    const addressed = p.receipt_email === undefined ? intent : { ...intent, receiptEmail: p.receipt_email };
    const { payment_method: method = null, return_url: returnUrl = null } = p;
    return session.settle(intent, confirmed(session, addressed, method, returnUrl, p.error_on_requires_action), p.expand);
  });
}

export function captureIntentCall(session: AccountSession, p: Parameters<typeof CaptureIntent>, id: string): Answer {
  return onIntent(session, id, (intent) => {
    const worded = withMetadata(intent, p.metadata);
    return session.settle(intent, captureIntent(worded, p.amount_to_capture ?? null), p.expand);
  });
}

export function cancelIntentCall(session: AccountSession, p: Parameters<typeof CancelIntent>, id: string): Answer {
  return onIntent(session, id, (intent) =>
    session.settle(intent, cancelIntent(intent, p.cancellation_reason ?? null, session.nowMs), p.expand),
  );
}

export function updateIntentCall(session: AccountSession, p: Parameters<typeof UpdateIntent>, id: string): Answer {
  return onIntent(session, id, (intent) => session.settle(intent, updateIntent(intent, patchOf(intent, p)), p.expand));
}

function patchOf(intent: IntentRecord, p: Parameters<typeof UpdateIntent>): IntentPatch {
  const given: Record<keyof IntentPatch, unknown> = {
    amount: p.amount,
    currency: p.currency,
    customer: p.customer,
    description: p.description,
    metadata: withMetadata(intent, p.metadata).metadata,
    paymentMethod: p.payment_method,
    receiptEmail: p.receipt_email,
    setupFutureUsage: p.setup_future_usage,
    shipping: p.shipping,
    statementDescriptor: p.statement_descriptor,
    statementDescriptorSuffix: p.statement_descriptor_suffix,
    transferGroup: p.transfer_group,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as IntentPatch;
}

export function createRefund(session: AccountSession, p: Parameters<typeof CreateRefund>): Answer {
  const intent = refundedIntent(session, p);
  if (!intent.ok) return session.refuse(intent.error);
  const request = { amount: p.amount ?? null, reason: p.reason ?? null, metadata: patched({}, p.metadata) };
  const decision = refundIntent(intent.value, request, session.newId("re"), session.nowMs);
  if (!decision.ok) return session.refuse(decision.error);
  session.store.saveRefund(decision.value.refund);
  session.write(intent.value, decision.value.intent, ["charge.refunded"]);
  return { status: 200, body: renderRefund(decision.value.refund) };
}

function refundedIntent(session: AccountSession, p: Parameters<typeof CreateRefund>): Result<IntentRecord, ApiError> {
  if (p.payment_intent !== undefined) {
    const intent = session.store.intent(p.payment_intent);
    return intent === undefined ? err(noSuch("payment_intent", p.payment_intent, "payment_intent")) : ok(intent);
  }
  if (p.charge === undefined) {
    return err(invalidRequest(400, "parameter_missing", "Give the payment_intent or the charge to refund.", "payment_intent"));
  }
  const intent = intentOfCharge(session, p.charge);
  return intent === undefined ? err(noSuch("charge", p.charge, "charge")) : ok(intent);
}

export function intentOfCharge(session: AccountSession, chargeId: string): IntentRecord | undefined {
  if (!isId("ch", chargeId)) return undefined;
  const { from, to } = intentRangeOfCharge(chargeId);
  const intent = session.store.intentBetween(from, to);
  return intent?.charges.some((charge) => charge.id === chargeId) ? intent : undefined;
}

function onIntent(session: AccountSession, id: string, change: (intent: IntentRecord) => Answer): Answer {
  const intent = session.store.intent(id);
  return intent === undefined ? session.refuse(noSuch("payment_intent", id, "intent")) : change(intent);
}

/** The same record when nothing changes, so that its index is left alone. */
function withMetadata(intent: IntentRecord, patch: Metadata): IntentRecord {
  return Object.keys(patch).length === 0 ? intent : { ...intent, metadata: patched(intent.metadata, patch) };
}

/** Empty values unset their key. */
function patched(metadata: Metadata, patch: Metadata): Metadata {
  return Object.fromEntries(Object.entries({ ...metadata, ...patch }).filter(([, value]) => value !== ""));
}
