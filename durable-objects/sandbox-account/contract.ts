/**
 * The RPC between the payment-sandbox worker and its account object: one parsed API call in, one finished answer out; the
 * shopper's 3-D Secure challenge; and the faults that tests switch on.
 */
import * as z from "zod";
import type { Result } from "../../workers/shared/result.ts";

/** A decoded form: strings, lists and objects nested as the brackets of the field names say. */
export type FormValue = string | readonly FormValue[] | { readonly [key: string]: FormValue };
export type FormData = { readonly [key: string]: FormValue };

/** One authenticated call of the API. */
export interface ApiCall {
  readonly method: string;
  /** Without the query: `/v1/payment_intents/pi_…`. */
  readonly path: string;
  readonly parameters: FormData;
  /** Null: not given, or of no meaning for the method. */
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** JSON text: a replay repeats it byte by byte. */
  readonly body: string;
  /** The request that had the effect when this is a replay; null otherwise. */
  readonly replayOf: string | null;
  /** What the SDK is told about trying again; null: it decides by the status. */
  readonly shouldRetry: boolean | null;
}

/** What the shopper's bank shows. */
export interface Challenge {
  readonly paymentIntentId: string;
  readonly amountMinor: number;
  /** Lower case, as the API has it. */
  readonly currency: string;
  readonly status: string;
  readonly returnUrl: string | null;
}

export type ChallengeUnknown = { readonly code: "challenge_unknown" };
/** The payment went on, or was given up, without this answer. */
export type ChallengeOver = { readonly code: "challenge_over"; readonly challenge: Challenge };

export interface ChallengeOutcome {
  readonly challenge: Challenge;
  readonly succeeded: boolean;
}

export const SandboxFaults = z.strictObject({
  /** The next calls have no effect and answer 500. */
  fail_next: z.int().min(0).max(1_000_000).optional(),
  /** The next calls have their effect and answer 500 all the same. */
  lose_next: z.int().min(0).max(1_000_000).optional(),
  /** Every call waits this long first, with its idempotency key taken. */
  delay_ms: z.int().min(0).max(120_000).optional(),
  webhooks: z.enum(["on", "off", "duplicate"]).optional(),
});
export type SandboxFaults = z.infer<typeof SandboxFaults>;

export interface SandboxAccountApi {
  call(call: ApiCall): Promise<ApiAnswer>;
  readChallenge(paymentIntentId: string, clientSecret: string): Promise<Result<Challenge, ChallengeUnknown>>;
  answerChallenge(
    paymentIntentId: string,
    clientSecret: string,
    approved: boolean,
  ): Promise<Result<ChallengeOutcome, ChallengeUnknown | ChallengeOver>>;
  /** Sets the faults that are named, keeps the others. @returns all of them. */
  setFaults(faults: SandboxFaults): Promise<Required<SandboxFaults>>;
}
