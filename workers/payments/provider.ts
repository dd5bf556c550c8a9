/**
 * The payment provider through its official SDK: at api.stripe.com, or at the sandbox when one is bound. What the provider
 * answers becomes a value; what it does not answer is `provider_unavailable`, and may or may not have happened.
 */
import Stripe from "stripe";
import { breakerStates, callPeer } from "../shared/call-peer.ts";
import { systemClock } from "../shared/clock.ts";
import type { OutsideHealth } from "../shared/http.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { logger } from "../shared/telemetry.ts";
import type { ProviderUnavailable } from "./contract.ts";
import { ProviderWatch } from "./provider-watch.ts";

/** The SDK repeats a call with the same key when the connection breaks, the key is in use, or the provider fails. */
const NETWORK_RETRIES = 2;
const REQUEST_TIMEOUT_MS = 8_000;
/** Bounds a call with its repetitions, below the 12 s that orders waits: silence is then a value and no broken call. */
const CALL_DEADLINE_MS = 11_000;

/** Names its circuit breaker. */
const PROVIDER = "payment-provider";
const watch = new ProviderWatch(logger("payments"));

/** As this isolate has met it. */
export function providerHealth(): OutsideHealth {
  return watch.health(breakerStates()[PROVIDER]?.state ?? "closed");
}

/** A refusal of the provider itself: asking again in the same way gets the same answer. */
export interface ProviderRefusal {
  readonly code: "provider_refused";
  readonly kind: "card" | "request" | "idempotency";
  /** The provider's own code, such as `resource_missing`. */
  readonly errorCode: string | null;
  readonly declineCode: string | null;
  readonly message: string;
  readonly intent: Stripe.PaymentIntent | null;
  /** The answer to an earlier call with the same key: the payment may have moved on since. */
  readonly replayed: boolean;
}

export function createProvider(apiKey: string, binding: Pick<Fetcher, "fetch"> | undefined): Stripe {
  const fetchProvider: typeof fetch = (input, init) =>
    binding === undefined ? fetch(input, init) : binding.fetch(input as RequestInfo, init as RequestInit);
  return new Stripe(apiKey, {
    httpClient: Stripe.createFetchHttpClient(fetchProvider),
    maxNetworkRetries: NETWORK_RETRIES,
    timeout: REQUEST_TIMEOUT_MS,
    telemetry: false,
  });
}

export async function askProvider<T>(call: () => Promise<T>): Promise<Result<T, ProviderRefusal | ProviderUnavailable>> {
  const answer = await callPeer(
    { service: PROVIDER, hop: "provider", deadlineMs: CALL_DEADLINE_MS, retries: 0 },
    async (): Promise<Result<T, ProviderRefusal>> => {
      try {
        return ok(await call());
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === undefined) throw error;
        return err(refusal);
      }
    },
  );
  if (answer.ok || answer.error.code === "provider_refused") {
    watch.answered();
    return answer as Result<T, ProviderRefusal>;
  }
  watch.failed(answer.error, systemClock.now());
  return err({ code: "provider_unavailable", message: `The payment provider did not answer: ${answer.error.message}` });
}

/** Undefined for outages, and for a key that the provider does not take: nothing is known about the payment then. */
function refusalOf(error: unknown): ProviderRefusal | undefined {
  if (!(error instanceof Stripe.errors.StripeError)) return undefined;
  const kind = kindOf(error);
  if (kind === undefined) return undefined;
  return {
    code: "provider_refused",
    kind,
    errorCode: error.code ?? null,
    declineCode: error.decline_code ?? null,
    message: error.message,
    intent: error.payment_intent ?? null,
    replayed: isReplay(error.headers),
  };
}

function kindOf(error: Stripe.errors.StripeError): ProviderRefusal["kind"] | undefined {
  if (error instanceof Stripe.errors.StripeCardError) return "card";
  if (error instanceof Stripe.errors.StripeIdempotencyError) return "idempotency";
  return error instanceof Stripe.errors.StripeInvalidRequestError ? "request" : undefined;
}

/**
 * True for an answer that was given before: it says what was, not what is. The SDK gives the headers of errors as a plain
 * object, but those of answers, with the fetch client, as they came.
 */
export function isReplay(headers: unknown): boolean {
  const name = "idempotent-replayed";
  if (headers instanceof Headers) return headers.get(name) === "true";
  return (headers as Readonly<Record<string, unknown>> | null | undefined)?.[name] === "true";
}

export function isMissing(error: ProviderRefusal | ProviderUnavailable): boolean {
  return error.code === "provider_refused" && error.errorCode === "resource_missing";
}
