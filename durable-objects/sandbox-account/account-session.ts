/** One call's view of the account: its tables, its moment, and the one way to write what happened to a payment. */
import type { EpochMs } from "../../workers/shared/clock.ts";
import type { Result } from "../../workers/shared/result.ts";
import type { AccountStore } from "./account-store.ts";
import { type ApiError, cardError, renderError } from "./api-error.ts";
import type { IntentChange } from "./decide-intent.ts";
import type { EventType, IntentRecord } from "./records.ts";
import { renderIntent } from "./render-objects.ts";
import type { RisingIds } from "./sandbox-ids.ts";

/** Status and object of an answer. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A webhook never overtakes the answer of the call that caused it by much. */
const DELIVERY_DELAY_MS = 250;

/** Events that the receiver subscribes to; the others are only in the list of events. */
const DELIVERED: ReadonlySet<EventType> = new Set([
  "payment_intent.requires_action",
  "payment_intent.amount_capturable_updated",
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "payment_intent.canceled",
  "charge.refunded",
]);

export interface SessionFacts {
  readonly nowMs: EpochMs;
  readonly publicUrl: string;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
  readonly deliversWebhooks: boolean;
}

export class AccountSession {
  readonly store: AccountStore;
  readonly facts: SessionFacts;
  readonly #ids: RisingIds;
  #deliveries = 0;

  constructor(store: AccountStore, ids: RisingIds, facts: SessionFacts) {
    this.store = store;
    this.#ids = ids;
    this.facts = facts;
  }

  get nowMs(): EpochMs {
    return this.facts.nowMs;
  }

  /** When a webhook that this call caused is due; undefined when it caused none. */
  get deliveryDueMs(): EpochMs | undefined {
    return this.#deliveries === 0 ? undefined : this.nowMs + DELIVERY_DELAY_MS;
  }

  newId(prefix: "pi" | "re"): string {
    return this.#ids.next(prefix, this.nowMs);
  }

  /** Writes the payment and what happened to it. */
  write(before: IntentRecord | undefined, after: IntentRecord, events: readonly EventType[]): void {
    const json = JSON.stringify(after);
    this.store.saveIntent(before, after, json);
    for (const type of events) {
      const { nowMs: createdMs, requestId, idempotencyKey } = this.facts;
      const delivered = this.facts.deliversWebhooks && DELIVERED.has(type);
      if (delivered) this.#deliveries += 1;
      const id = this.#ids.next("evt", createdMs);
      this.store.addEvent(
        { id, type, createdMs, requestId, idempotencyKey, intent: after },
        json,
        delivered ? createdMs + DELIVERY_DELAY_MS : null,
      );
    }
  }

  /** Writes a decision and renders it. Declines are written as well: the payment keeps its failed charge. */
  settle(before: IntentRecord | undefined, decision: Result<IntentChange, ApiError>, expand: readonly string[]): Answer {
    if (!decision.ok) return this.refuse(decision.error, before);
    const { record, events, error } = decision.value;
    this.write(before, record, before === undefined ? ["payment_intent.created", ...events] : events);
    return error === null ? { status: 200, body: this.render(record, expand) } : this.refuse(error, record);
  }

  render(intent: IntentRecord, expand: readonly string[]): Record<string, unknown> {
    return renderIntent(intent, { publicUrl: this.facts.publicUrl, expand: new Set(expand) });
  }

  refuse(error: ApiError, intent?: IntentRecord): Answer {
    const paymentIntent = intent === undefined ? undefined : this.render(intent, []);
    return { status: error.status, body: renderError(error, this.facts.requestId, paymentIntent) };
  }
}

/** A payment that may not ask its shopper fails instead of waiting for them. */
export function refuseAction(change: IntentChange): IntentChange {
  if (change.record.status !== "requires_action") return change;
  const failure = {
    code: "authentication_required",
    declineCode: "authentication_required",
    message: "Your card was declined. This transaction requires authentication.",
  };
  return {
    record: { ...change.record, status: "requires_payment_method", paymentMethod: null, failure },
    events: ["payment_intent.payment_failed"],
    error: cardError(failure, null),
  };
}
