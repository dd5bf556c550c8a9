/** What every channel is to the outbox: who of an order is reached, and a delivery that says whether trying again helps. */
import type { Order } from "../../../workers/orders/contract.ts";
import type { Result } from "../../../workers/shared/result.ts";
import type { NotificationChannel } from "../contract.ts";

export interface Recipient {
  /** What the provider needs. */
  readonly address: string;
  /** What the log of sent notifications shows. */
  readonly label: string;
}

/** One message in every form; a channel takes what it can carry. */
export interface RenderedMessage {
  /** The same for every attempt at the same event and template, so that a provider or a mailbox can tell a repeat. */
  readonly key: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** One sentence and the link, for SMS and push. */
  readonly short: string;
  readonly url: string;
}

export interface Delivery {
  readonly providerId: string | null;
}

export type DeliveryError =
  /** The same message to the same address will never go. */
  | { readonly code: "delivery_refused"; readonly message: string }
  /** It may go later. */
  | { readonly code: "delivery_failed"; readonly message: string };

export interface NotificationChannelSender {
  readonly channel: NotificationChannel;
  /** null when the shopper gave nothing to be reached by on this channel. */
  recipientFor(order: Order): Promise<Recipient | null>;
  send(recipient: Recipient, message: RenderedMessage): Promise<Result<Delivery, DeliveryError>>;
}

/** A provider that does not answer must not hold up the others of its batch. */
export const DELIVERY_DEADLINE_MS = 10_000;

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** Posts to a provider's HTTP API: 2xx is the answer, 408, 429 and 5xx are worth another try, the rest is a refusal. */
export async function postToProvider(fetch: Fetch, url: string, init: RequestInit): Promise<Result<Response, DeliveryError>> {
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(DELIVERY_DEADLINE_MS) });
    if (response.ok) return { ok: true, value: response };
    await response.body?.cancel();
    const worthRetrying = response.status === 408 || response.status === 429 || response.status >= 500;
    const code = worthRetrying ? "delivery_failed" : "delivery_refused";
    return { ok: false, error: { code, message: `the provider answered ${response.status}` } };
  } catch (error) {
    return { ok: false, error: { code: "delivery_failed", message: error instanceof Error ? error.message : String(error) } };
  }
}
