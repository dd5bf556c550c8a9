/**
 * The sandbox's one account, durable in SQLite: each call is decided and written in one transaction, together with its
 * events, their deliveries and the answer that its idempotency key replays. The alarm delivers webhooks and tidies.
 */
import { DurableObject } from "cloudflare:workers";
import { type EpochMs, systemClock } from "../../workers/shared/clock.ts";
import { ObjectTimers } from "../../workers/shared/later.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import { logger } from "../../workers/shared/telemetry.ts";
import { AccountSession, type Answer } from "./account-session.ts";
import { AccountStore } from "./account-store.ts";
import { type ApiError, idempotencyError, renderError, SWITCHED_ON_FAULT } from "./api-error.ts";
import type {
  ApiAnswer,
  ApiCall,
  Challenge,
  ChallengeOutcome,
  ChallengeOver,
  ChallengeUnknown,
  SandboxAccountApi,
  SandboxFaults,
} from "./contract.ts";
import { authenticateIntent } from "./decide-intent.ts";
import { deliverWebhooks } from "./deliver-webhooks.ts";
import type { IntentRecord } from "./records.ts";
import { fingerprintOf, prepareCall, type ReadyCall } from "./route-call.ts";
import { RisingIds } from "./sandbox-ids.ts";

interface AccountEnv {
  readonly WEBHOOK_RECEIVER: Fetcher;
  readonly STRIPE_WEBHOOK_SECRET: string;
  readonly PUBLIC_URL: string;
}

/** How long a key replays its answer: the provider's 24 hours. */
const REPLY_RETENTION_MS = 24 * 60 * 60 * 1000;
const DELIVERIES_PER_ALARM = 200;
const REPLIES_TIDIED_PER_ALARM = 500;
const ALARM_AGAIN_MS = 1_000;

export class SandboxAccount extends DurableObject<AccountEnv> implements SandboxAccountApi {
  readonly #store: AccountStore;
  readonly #ids = new RisingIds();
  readonly #keysInFlight = new Set<string>();
  readonly #timers = new ObjectTimers();
  #faults: SandboxFaults;
  /** When the alarm rings; null: not set. Saves asking the storage at every call. */
  #alarmMs: EpochMs | null = null;

  constructor(state: DurableObjectState, env: AccountEnv) {
    super(state, env);
    this.#store = new AccountStore(state.storage.sql);
    this.#faults = this.#store.faults();
    void state.blockConcurrencyWhile(async () => {
      const dueMs = this.#store.nextDeliveryMs();
      this.#alarmMs = await state.storage.getAlarm();
      if (dueMs !== null && this.#alarmMs === null) await this.#ringBy(dueMs);
    });
  }

  async call(call: ApiCall): Promise<ApiAnswer> {
    const prepared = prepareCall(call);
    if (!prepared.ok) return refusal(prepared.error, call);
    const key = call.idempotencyKey;
    if (key !== null && this.#keysInFlight.has(key)) return refusal(keyInUse(key), call);
    if (key !== null) this.#keysInFlight.add(key);
    try {
      const delayMs = this.#faults.delay_ms ?? 0;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      return await this.#answer(call, prepared.value);
    } finally {
      if (key !== null) this.#keysInFlight.delete(key);
    }
  }

  async readChallenge(paymentIntentId: string, clientSecret: string): Promise<Result<Challenge, ChallengeUnknown>> {
    const intent = this.#challenged(paymentIntentId, clientSecret);
    return intent === undefined ? err({ code: "challenge_unknown" }) : ok(challengeOf(intent));
  }

  async answerChallenge(
    paymentIntentId: string,
    clientSecret: string,
    approved: boolean,
  ): Promise<Result<ChallengeOutcome, ChallengeUnknown | ChallengeOver>> {
    const session = this.#session("req_challenge", null);
    const outcome = this.ctx.storage.transactionSync((): Result<ChallengeOutcome, ChallengeUnknown | ChallengeOver> => {
      const intent = this.#challenged(paymentIntentId, clientSecret);
      if (intent === undefined) return err({ code: "challenge_unknown" });
      if (intent.status !== "requires_action") return err({ code: "challenge_over", challenge: challengeOf(intent) });
      const change = authenticateIntent(intent, approved, session.nowMs);
      session.write(intent, change.record, change.events);
      return ok({ challenge: challengeOf(change.record), succeeded: change.error === null });
    });
    await this.#ringBy(session.deliveryDueMs);
    return outcome;
  }

  async setFaults(faults: SandboxFaults): Promise<Required<SandboxFaults>> {
    this.#faults = { ...this.#faults, ...faults };
    this.#store.saveFaults(this.#faults);
    return { fail_next: 0, lose_next: 0, delay_ms: 0, webhooks: "on", ...this.#faults };
  }

  override async alarm(): Promise<void> {
    this.#alarmMs = null;
    try {
      await this.#deliver();
      this.#store.forgetReplies(systemClock.now() - REPLY_RETENTION_MS, REPLIES_TIDIED_PER_ALARM);
      await this.#ringBy(this.#store.nextDeliveryMs() ?? undefined);
    } catch (error) {
      logger("payment-sandbox").error("alarm_failed", error);
      await this.#ringBy(systemClock.now() + ALARM_AGAIN_MS);
    }
  }

  async #answer(call: ApiCall, run: ReadyCall): Promise<ApiAnswer> {
    if (this.#spendFault("fail_next")) return refusal(SWITCHED_ON_FAULT, call);
    const session = this.#session(call.requestId, call.idempotencyKey);
    const answer =
      call.idempotencyKey === null
        ? this.ctx.storage.transactionSync(() => fresh(run(session)))
        : this.#answerOnce(call, call.idempotencyKey, session, run);
    await this.#ringBy(session.deliveryDueMs);
    return this.#spendFault("lose_next") ? refusal(SWITCHED_ON_FAULT, call) : answer;
  }

  /** The first answer of a key is its only one, errors included. */
  #answerOnce(call: ApiCall, key: string, session: AccountSession, run: ReadyCall): ApiAnswer {
    const fingerprint = fingerprintOf(call);
    return this.ctx.storage.transactionSync(() => {
      const known = this.#store.reply(key, session.nowMs - REPLY_RETENTION_MS);
      if (known !== undefined && known.fingerprint !== fingerprint) return refusal(keyReused(key), call);
      if (known !== undefined) {
        return { status: known.status, body: known.body, replayOf: known.requestId, shouldRetry: null };
      }
      const answer = fresh(run(session));
      const { status, body } = answer;
      this.#store.saveReply(key, { fingerprint, status, body, requestId: call.requestId }, session.nowMs);
      return answer;
    });
  }

  async #deliver(): Promise<void> {
    const deliveries = this.#store.dueDeliveries(systemClock.now(), DELIVERIES_PER_ALARM);
    if (deliveries.length === 0) return;
    const outcomes = await deliverWebhooks(
      {
        receiver: this.env.WEBHOOK_RECEIVER,
        secret: this.env.STRIPE_WEBHOOK_SECRET,
        publicUrl: this.env.PUBLIC_URL,
        copies: this.#faults.webhooks === "duplicate" ? 2 : 1,
        log: logger("payment-sandbox"),
        later: this.#timers.later,
        now: () => systemClock.now(),
      },
      deliveries,
    );
    this.ctx.storage.transactionSync(() => {
      for (const { eventId, attempts, retryAtMs } of outcomes) {
        if (retryAtMs === null) this.#store.endDelivery(eventId);
        else this.#store.postponeDelivery(eventId, attempts, retryAtMs);
      }
    });
  }

  #session(requestId: string, idempotencyKey: string | null): AccountSession {
    return new AccountSession(this.#store, this.#ids, {
      nowMs: systemClock.now(),
      publicUrl: this.env.PUBLIC_URL,
      requestId,
      idempotencyKey,
      deliversWebhooks: this.#faults.webhooks !== "off",
    });
  }

  #challenged(paymentIntentId: string, clientSecret: string): IntentRecord | undefined {
    const intent = this.#store.intent(paymentIntentId);
    return intent !== undefined && isSame(intent.clientSecret, clientSecret) ? intent : undefined;
  }

  #spendFault(fault: "fail_next" | "lose_next"): boolean {
    const left = this.#faults[fault] ?? 0;
    if (left === 0) return false;
    this.#faults = { ...this.#faults, [fault]: left - 1 };
    this.#store.saveFaults(this.#faults);
    return true;
  }

  async #ringBy(dueMs: EpochMs | undefined): Promise<void> {
    if (dueMs === undefined || (this.#alarmMs !== null && this.#alarmMs <= dueMs)) return;
    this.#alarmMs = dueMs;
    await this.ctx.storage.setAlarm(dueMs);
  }
}

function fresh(answer: Answer): ApiAnswer {
  return { status: answer.status, body: JSON.stringify(answer.body), replayOf: null, shouldRetry: null };
}

function refusal(error: ApiError, call: ApiCall): ApiAnswer {
  const body = JSON.stringify(renderError(error, call.requestId, undefined));
  return { status: error.status, body, replayOf: null, shouldRetry: error.status === 409 ? true : null };
}

function keyInUse(key: string): ApiError {
  return idempotencyError(409, "idempotency_key_in_use", `Another request with the idempotency key '${key}' is being processed.`);
}

function keyReused(key: string): ApiError {
  return idempotencyError(
    400,
    null,
    `The idempotency key '${key}' was used with other parameters: take a new key for a new request.`,
  );
}

function challengeOf(intent: IntentRecord): Challenge {
  const { id: paymentIntentId, amount: amountMinor, currency, status, returnUrl } = intent;
  return { paymentIntentId, amountMinor, currency, status, returnUrl };
}

/** Compares in constant time. */
function isSame(secret: string, given: string): boolean {
  const encoder = new TextEncoder();
  const [left, right] = [encoder.encode(secret), encoder.encode(given)];
  return left.byteLength === right.byteLength && crypto.subtle.timingSafeEqual(left, right);
}
