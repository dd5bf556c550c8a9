/** Refusals in the provider's envelope, `{ error: { type, code, message, param … } }`, with the status each is sent with. Pure. */
import type { CardFailure } from "./records.ts";

export type ApiErrorType = "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";

export interface ApiError {
  readonly code: "api_error";
  readonly status: number;
  readonly type: ApiErrorType;
  /** The provider's code; null where it gives none. */
  readonly errorCode: string | null;
  readonly message: string;
  readonly param: string | null;
  readonly failure: CardFailure | null;
  /** Id of the charge that failed. */
  readonly charge: string | null;
}

export function invalidRequest(status: 400 | 404, errorCode: string | null, message: string, param: string | null): ApiError {
  return { code: "api_error", status, type: "invalid_request_error", errorCode, message, param, failure: null, charge: null };
}

/** `param` names the id's place: the path says `id` or `intent`. */
export function noSuch(thing: string, id: string, param: string): ApiError {
  return invalidRequest(404, "resource_missing", `No such ${thing}: '${id}'`, param);
}

export function unexpectedState(message: string): ApiError {
  return invalidRequest(400, "payment_intent_unexpected_state", message, null);
}

export function cardError(failure: CardFailure, charge: string | null): ApiError {
  return {
    code: "api_error",
    status: 402,
    type: "card_error",
    errorCode: failure.code,
    message: failure.message,
    param: null,
    failure,
    charge,
  };
}

export function idempotencyError(status: 400 | 409, errorCode: string | null, message: string): ApiError {
  return { code: "api_error", status, type: "idempotency_error", errorCode, message, param: null, failure: null, charge: null };
}

export const SWITCHED_ON_FAULT: ApiError = {
  code: "api_error",
  status: 500,
  type: "api_error",
  errorCode: null,
  message: "The sandbox was told to fail here.",
  param: null,
  failure: null,
  charge: null,
};

/** @param paymentIntent the rendered payment that the error is about. */
export function renderError(error: ApiError, requestId: string, paymentIntent: unknown): Record<string, unknown> {
  return {
    error: {
      ...(error.charge === null ? {} : { charge: error.charge }),
      ...(error.errorCode === null ? {} : { code: error.errorCode }),
      ...(error.failure?.declineCode == null ? {} : { decline_code: error.failure.declineCode }),
      message: error.message,
      ...(error.param === null ? {} : { param: error.param }),
      ...(paymentIntent === undefined ? {} : { payment_intent: paymentIntent }),
      request_log_url: `https://sandbox.invalid/logs/${requestId}`,
      type: error.type,
    },
  };
}
