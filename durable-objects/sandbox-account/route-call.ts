/** Which call a method and path are, with its parameters parsed: refused calls never reach the tables. Pure. */
import type * as z from "zod";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import type { AccountSession, Answer } from "./account-session.ts";
import { type ApiError, invalidRequest } from "./api-error.ts";
import type { ApiCall, FormData } from "./contract.ts";
import {
  cancelIntentCall,
  captureIntentCall,
  confirmIntentCall,
  createIntent,
  createRefund,
  updateIntentCall,
} from "./intent-calls.ts";
import * as parameters from "./parameters.ts";
import {
  listCharges,
  listEvents,
  listIntents,
  listRefunds,
  readBalance,
  readCharge,
  readEvent,
  readIntent,
  readPaymentMethod,
  readRefund,
  searchIntents,
} from "./read-calls.ts";

/** A call that is ready to run. */
export type ReadyCall = (session: AccountSession) => Answer;

interface Route {
  readonly method: string;
  readonly path: RegExp;
  prepare(form: FormData, id: string): Result<ReadyCall, ApiError>;
}

/** `:id` stands for one segment. */
function route<S extends z.ZodType>(
  method: string,
  path: string,
  schema: S,
  run: (session: AccountSession, parameters: z.infer<S>, id: string) => Answer,
): Route {
  return {
    method,
    path: new RegExp(`^${path.replace(":id", "([^/]+)")}$`),
    prepare(form, id) {
      const parsed = parameters.parseParameters(schema, form);
      return parsed.ok ? ok((session: AccountSession) => run(session, parsed.value, id)) : parsed;
    },
  };
}

const ROUTES: readonly Route[] = [
  route("POST", "/v1/payment_intents", parameters.CreateIntent, createIntent),
  route("POST", "/v1/payment_intents/:id/capture", parameters.CaptureIntent, captureIntentCall),
  route("GET", "/v1/payment_intents", parameters.ListIntents, listIntents),
  route("GET", "/v1/payment_intents/search", parameters.SearchIntents, searchIntents),
  route("GET", "/v1/payment_intents/:id", parameters.Retrieve, readIntent),
  route("POST", "/v1/payment_intents/:id", parameters.UpdateIntent, updateIntentCall),
  route("POST", "/v1/payment_intents/:id/confirm", parameters.ConfirmIntent, confirmIntentCall),
  route("POST", "/v1/payment_intents/:id/cancel", parameters.CancelIntent, cancelIntentCall),
  route("GET", "/v1/charges", parameters.ListCharges, listCharges),
  route("GET", "/v1/charges/:id", parameters.Retrieve, readCharge),
  route("POST", "/v1/refunds", parameters.CreateRefund, createRefund),
  route("GET", "/v1/refunds", parameters.ListRefunds, listRefunds),
  route("GET", "/v1/refunds/:id", parameters.Retrieve, readRefund),
  route("GET", "/v1/payment_methods/:id", parameters.Retrieve, readPaymentMethod),
  route("GET", "/v1/events", parameters.ListEvents, listEvents),
  route("GET", "/v1/events/:id", parameters.Retrieve, readEvent),
  route("GET", "/v1/balance", parameters.Retrieve, readBalance),
];

export function prepareCall(call: ApiCall): Result<ReadyCall, ApiError> {
  for (const { method, path, prepare } of ROUTES) {
    const match = method === call.method ? path.exec(call.path) : null;
    if (match !== null) return prepare(call.parameters, match[1] ?? "");
  }
  return err(invalidRequest(404, null, `Unrecognized request URL (${call.method}: ${call.path}).`, null));
}

/** What must be the same for a key to be the same question. */
export function fingerprintOf(call: ApiCall): string {
  return `${call.method} ${call.path} ${JSON.stringify(sorted(call.parameters))}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)]);
}
