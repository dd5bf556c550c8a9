/** Sends signed events to the receiver: the provider's scheme, `Stripe-Signature: t=…,v1=…` over `t.body`. */
import type { EpochMs } from "../../workers/shared/clock.ts";
import type { Later } from "../../workers/shared/later.ts";
import { mapBounded } from "../../workers/shared/map-bounded.ts";
import type { Logger } from "../../workers/shared/telemetry.ts";
import type { Delivery } from "./account-store.ts";
import { renderEvent } from "./render-objects.ts";

const RECEIVE_DEADLINE_MS = 10_000;
const DELIVERY_CONCURRENCY = 16;
const RETRY_DELAY_INITIAL_MS = 1_000;
const RETRY_DELAY_MAX_MS = 60 * 60 * 1000;
/** About five hours of trying, then the event is only in the list of events. */
const ATTEMPTS_MAX = 16;

export interface WebhookTarget {
  readonly receiver: Pick<Fetcher, "fetch">;
  readonly secret: string;
  readonly publicUrl: string;
  /** How often each event is sent: twice when a test asks for duplicates. */
  readonly copies: number;
  readonly log: Logger;
  readonly later: Later;
  now(): EpochMs;
}

export interface DeliveryOutcome {
  readonly eventId: string;
  readonly attempts: number;
  /** When to try again; null: delivered, or given up. */
  readonly retryAtMs: EpochMs | null;
}

export async function deliverWebhooks(target: WebhookTarget, deliveries: readonly Delivery[]): Promise<DeliveryOutcome[]> {
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(target.secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  return await mapBounded(deliveries, DELIVERY_CONCURRENCY, async (delivery) => {
    const attempts = delivery.attempts + 1;
    const eventId = delivery.event.id;
    const failure = await send(target, key, delivery);
    if (failure === null) return { eventId, attempts, retryAtMs: null };
    const givenUp = attempts >= ATTEMPTS_MAX;
    target.log.warn(givenUp ? "webhook_given_up" : "webhook_refused", { event_id: eventId, attempts, reason: failure });
    return { eventId, attempts, retryAtMs: givenUp ? null : target.now() + retryDelayMs(attempts) };
  });
}

export function retryDelayMs(attempts: number): number {
  return Math.min(RETRY_DELAY_MAX_MS, RETRY_DELAY_INITIAL_MS * 2 ** (attempts - 1));
}

/** @returns why it did not arrive; null when every copy did. */
async function send(target: WebhookTarget, key: CryptoKey, { event }: Delivery): Promise<string | null> {
  const body = JSON.stringify(renderEvent(event, 1, target.publicUrl));
  // Not `AbortSignal.timeout`: its timer would keep the object in memory after the answer.
  const deadline = new AbortController();
  const takeBack = target.later(RECEIVE_DEADLINE_MS, () => deadline.abort());
  try {
    for (let copy = 0; copy < target.copies; copy++) {
      const response = await target.receiver.fetch(`${target.publicUrl}/v1/webhooks/stripe`, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json; charset=utf-8",
          "stripe-signature": await signatureHeader(key, body, target.now()),
          "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        },
        signal: deadline.signal,
      });
      await response.body?.cancel();
      if (!response.ok) return `status ${response.status}`;
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    takeBack();
  }
}

async function signatureHeader(key: CryptoKey, body: string, nowMs: EpochMs): Promise<string> {
  const timestamp = Math.floor(nowMs / 1000);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${timestamp}.${body}`));
  return `t=${timestamp},v1=${new Uint8Array(mac).toHex()}`;
}
