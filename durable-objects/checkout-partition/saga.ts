/**
 * The checkout saga as a pure core: a step names one idempotent call, the call's answer decides the next step. Whatever
 * is repeated after a crash from the last written step (see `mustWrite`) leads to the same end: placed, or nothing held
 * and nothing charged. Pure.
 */
import type { Payment, PaymentStatus } from "../../workers/payments/contract.ts";
import { unreachable } from "../../workers/shared/result.ts";
import {
  type Failure,
  holdIdOf,
  type Saga,
  type SagaAnswer,
  type SagaCall,
  type SagaFacts,
  type SagaStep,
} from "./saga-state.ts";

const RETRY_DELAY_INITIAL_MS = 1_000;
const RETRY_DELAY_MAX_MS = 60_000;
/** New holds that one order may ask for before it gives up. */
const HOLD_ATTEMPTS_MAX = 8;

export function retryDelayMs(tries: number): number {
  return Math.min(RETRY_DELAY_MAX_MS, RETRY_DELAY_INITIAL_MS * 2 ** Math.min(tries, 10));
}

/** The call that the present step makes; null when it waits for the shopper or has ended. */
export function callOf(saga: Saga, facts: SagaFacts): SagaCall | null {
  const holdId = holdIdOf(facts.orderId, saga.attempt);
  const skus = facts.lines.map((line) => line.sku);
  const paymentId = saga.payment?.id ?? "";
  switch (saga.step) {
    case "holding":
      return { call: "hold", command: { holdId, lines: [...facts.lines], expiresAtMs: saga.holdExpiresAtMs } };
    case "authorizing": {
      const { orderId, amountMinor, currency, paymentMethod, returnUrl } = facts;
      return { call: "authorize", command: { orderId, amountMinor, currency, paymentMethod, returnUrl } };
    }
    case "inspecting":
      return { call: "inspect", paymentId };
    case "committing":
      return { call: "commit", command: { holdId, skus } };
    case "capturing":
      return { call: "capture", paymentId, amountMinor: facts.amountMinor };
    case "voiding":
      return { call: "void", paymentId };
    case "refunding":
      return {
        call: "refund",
        command: { orderId: facts.orderId, paymentId, refundId: `${facts.orderId}~void`, amountMinor: facts.amountMinor },
      };
    case "releasing":
      return { call: "release", command: { holdId, skus } };
    case "restocking":
      return { call: "restock", command: { reference: holdId, holdId, lines: [...facts.lines] } };
    case "awaiting_payment":
    case "ended":
      return null;
  }
}

/**
 * What time alone changes before the next call. `nudged`: somebody says that the payment changed.
 * A hold that could not be placed in time fails while nothing is charged; with money reserved a new hold is tried.
 */
export function wakeSaga(saga: Saga, facts: SagaFacts, nowMs: number, nudged: boolean): Saga {
  if (saga.step === "awaiting_payment" && (nudged || nowMs >= saga.holdExpiresAtMs)) return go(saga, "inspecting");
  if (saga.step === "holding" && nowMs >= saga.holdExpiresAtMs) {
    return saga.payment === null ? fail(saga, { code: "timed_out" }) : holdAgain(saga, facts, nowMs);
  }
  return saga.step === "awaiting_payment" ? saga : { ...saga, waitUntilMs: null };
}

/** @throws when the answer is not to the step's call: a bug. */
export function advanceSaga(saga: Saga, facts: SagaFacts, answer: SagaAnswer, nowMs: number): Saga {
  const expected = callOf(saga, facts)?.call;
  if (expected !== answer.call) throw new Error(`step ${saga.step} got an answer to ${answer.call}`);
  switch (answer.call) {
    case "hold":
      return afterHold(saga, facts, answer.result, nowMs);
    case "authorize":
      return afterAuthorize(saga, facts, answer.result, nowMs);
    case "inspect":
      return afterInspect(saga, facts, answer.result, nowMs);
    case "commit":
      if (answer.result.ok) return { ...go(saga, facts.amountMinor === 0 ? "ended" : "capturing"), committed: true };
      return answer.result.error.code === "hold_expired" ? holdAgain(saga, facts, nowMs) : waitAndRetry(saga, nowMs);
    case "capture":
      return afterCapture(saga, answer.result, nowMs);
    case "void":
      return afterVoid(saga, answer.result, nowMs);
    case "refund":
      if (answer.result.ok || !isSilence(answer.result.error.code)) return go(saga, "releasing");
      return waitAndRetry(saga, nowMs);
    case "release":
      if (answer.result.ok) return go(saga, "ended");
      if (answer.result.error.code === "already_committed") return { ...go(saga, "restocking"), committed: true };
      return waitAndRetry(saga, nowMs);
    case "restock":
      return answer.result.ok || answer.result.error.code === "unknown_sku" ? go(saga, "ended") : waitAndRetry(saga, nowMs);
    default:
      return unreachable(answer);
  }
}

/**
 * Gives the order up. Before the money moved: at once, or as soon as a pending authorization has answered (until then its
 * id is unknown). Undefined: too late, stock is being committed; let it end and cancel the placed order.
 */
export function abortSaga(saga: Saga, failure: Failure): Saga | undefined {
  if (saga.failure !== null) return saga;
  switch (saga.step) {
    case "holding":
    case "awaiting_payment":
    case "inspecting":
      return fail(saga, failure);
    case "authorizing":
      return { ...saga, failure };
    default:
      return undefined;
  }
}

const BACKWARDS: readonly SagaStep[] = ["voiding", "refunding", "releasing", "restocking"];

/**
 * Whether `next` must be durable before its call is tried. Not where repeating from `written` makes the same calls with
 * the same ids: authorize → commit → capture are re-asked in that order, and so is the way back; inspecting only looks.
 */
export function mustWrite(written: Saga, next: Saga): boolean {
  if (next.step === "ended" || next.waitUntilMs !== null) {
    return !(written.step === "awaiting_payment" && next.step === "awaiting_payment");
  }
  if (written.failure !== next.failure || written.attempt !== next.attempt) return true;
  if (written.step === next.step || next.step === "inspecting") return false;
  if (next.step === "committing") return written.step !== "authorizing";
  if (next.step === "capturing") return written.step !== "authorizing" && written.step !== "committing";
  return !(BACKWARDS.includes(written.step) && BACKWARDS.includes(next.step));
}

type AnswerTo<C extends SagaAnswer["call"]> = Extract<SagaAnswer, { readonly call: C }>["result"];

function afterHold(saga: Saga, facts: SagaFacts, result: AnswerTo<"hold">, nowMs: number): Saga {
  if (result.ok) {
    const held = { ...saga, holdExpiresAtMs: result.value.expiresAtMs };
    return go(held, saga.payment !== null || facts.amountMinor === 0 ? "committing" : "authorizing");
  }
  switch (result.error.code) {
    case "out_of_stock":
      return failUnheld(saga, { code: "out_of_stock", shortages: result.error.shortages });
    case "unknown_sku":
      return failUnheld(saga, { code: "sku_unavailable", skus: result.error.skus });
    case "hold_resolved":
      return holdAgain(saga, facts, nowMs);
    case "unavailable":
      return waitAndRetry(saga, nowMs);
    default:
      return unreachable(result.error);
  }
}

function afterAuthorize(saga: Saga, facts: SagaFacts, result: AnswerTo<"authorize">, nowMs: number): Saga {
  if (result.ok) return afterPaymentSeen(saga, facts, result.value, nowMs);
  switch (result.error.code) {
    case "payment_declined":
    case "payment_rejected":
      return fail(saga, saga.failure ?? result.error);
    case "provider_unavailable":
    case "unavailable":
      return waitAndRetry(saga, nowMs);
    default:
      return unreachable(result.error);
  }
}

function afterInspect(saga: Saga, facts: SagaFacts, result: AnswerTo<"inspect">, nowMs: number): Saga {
  if (result.ok) return afterPaymentSeen(saga, facts, result.value, nowMs);
  return result.error.code === "payment_unknown" ? fail(saga, { code: "payment_expired" }) : waitAndRetry(saga, nowMs);
}

/**
 * The provider's truth decides. A late success commits like any other: its expired hold then asks for a new one. Money
 * that was captured before a crash is not taken back here: the order is placed, and then cancelled with a refund on record.
 */
function afterPaymentSeen(saga: Saga, facts: SagaFacts, payment: Payment, nowMs: number): Saga {
  const seen: Saga = { ...saga, payment: { id: payment.paymentId, redirectUrl: payment.redirectUrl } };
  if (!isOf(payment, facts)) return fail(seen, { code: "payment_rejected", message: "The payment is not this order's." });
  if (seen.failure !== null && payment.status !== "captured") return fail(seen, seen.failure);
  switch (payment.status) {
    case "authorized":
    case "captured":
      return go({ ...seen, failure: null }, "committing");
    case "requires_action":
    case "processing":
      if (nowMs >= seen.holdExpiresAtMs) return fail(seen, { code: "payment_expired" });
      return { ...go(seen, "awaiting_payment"), waitUntilMs: seen.holdExpiresAtMs };
    case "declined":
    case "cancelled":
      return fail(seen, declined(payment.status, payment.declineCode));
    default:
      return unreachable(payment.status);
  }
}

function afterCapture(saga: Saga, result: AnswerTo<"capture">, nowMs: number): Saga {
  if (result.ok) return result.value.status === "captured" ? go(saga, "ended") : waitAndRetry(saga, nowMs);
  switch (result.error.code) {
    case "not_capturable":
      if (result.error.status === "captured") return go(saga, "ended");
      return fail(saga, declined(result.error.status, null));
    case "payment_unknown":
      return fail(saga, declined("cancelled", null));
    case "provider_unavailable":
    case "unavailable":
      return waitAndRetry(saga, nowMs);
    default:
      return unreachable(result.error);
  }
}

function afterVoid(saga: Saga, result: AnswerTo<"void">, nowMs: number): Saga {
  if (result.ok) return go(saga, "releasing");
  switch (result.error.code) {
    case "not_capturable":
      return go(saga, result.error.status === "captured" ? "refunding" : "releasing");
    case "payment_unknown":
      return go(saga, "releasing");
    case "provider_unavailable":
    case "unavailable":
      return waitAndRetry(saga, nowMs);
    default:
      return unreachable(result.error);
  }
}

function isOf(payment: Payment, { orderId, amountMinor, currency }: SagaFacts): boolean {
  return payment.orderId === orderId && payment.amountMinor === amountMinor && payment.currency === currency;
}

function go(saga: Saga, step: SagaStep): Saga {
  return { ...saga, step, tries: 0, waitUntilMs: null };
}

function fail(saga: Saga, failure: Failure): Saga {
  return { ...go(saga, saga.payment === null ? "releasing" : "voiding"), failure };
}

/** Inventory said that nothing is held: without a payment there is nothing to undo. */
function failUnheld(saga: Saga, failure: Failure): Saga {
  return { ...go(saga, saga.payment === null ? "ended" : "voiding"), failure };
}

function holdAgain(saga: Saga, facts: SagaFacts, nowMs: number): Saga {
  if (saga.attempt >= HOLD_ATTEMPTS_MAX) return fail(saga, { code: "timed_out" });
  return {
    ...go(saga, "holding"),
    attempt: saga.attempt + 1,
    holdExpiresAtMs: nowMs + facts.holdMs,
    committed: false,
  };
}

function waitAndRetry(saga: Saga, nowMs: number): Saga {
  return { ...saga, tries: saga.tries + 1, waitUntilMs: nowMs + retryDelayMs(saga.tries) };
}

function isSilence(code: string): boolean {
  return code === "unavailable" || code === "provider_unavailable";
}

function declined(status: PaymentStatus, declineCode: string | null): Failure {
  return {
    code: "payment_declined",
    declineCode: declineCode ?? `payment_${status}`,
    message: status === "declined" ? "The payment was declined." : `The payment was ${status.replace("_", " ")} by the provider.`,
  };
}
