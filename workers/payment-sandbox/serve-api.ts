/** `/v1/*` as the provider serves it: the key checked, the form decoded, the answer with the provider's headers. */
import { type ApiError, idempotencyError, invalidRequest, renderError } from "../../durable-objects/sandbox-account/api-error.ts";
import type { ApiAnswer, FormData, SandboxAccountApi } from "../../durable-objects/sandbox-account/contract.ts";
import { API_VERSION } from "../../durable-objects/sandbox-account/render-objects.ts";
import { randomText } from "../../durable-objects/sandbox-account/sandbox-ids.ts";
import { ok, type Result } from "../shared/result.ts";
import { isApiKey } from "./check-api-key.ts";
import { parseForm } from "./parse-form.ts";

const BODY_BYTES_MAX = 64 * 1024;
const IDEMPOTENCY_KEY_LENGTH_MAX = 255;
const REQUEST_ID_LENGTH = 14;

export async function serveApi(request: Request, account: SandboxAccountApi, apiKey: string): Promise<Response> {
  const requestId = `req_${randomText(REQUEST_ID_LENGTH)}`;
  const { method, headers } = request;
  if (!isApiKey(headers.get("authorization"), apiKey)) return respond(refused(UNAUTHORIZED, requestId), request, requestId);
  const key = method === "GET" ? null : headers.get("idempotency-key");
  if (key !== null && (key === "" || key.length > IDEMPOTENCY_KEY_LENGTH_MAX)) {
    return respond(refused(BAD_KEY, requestId), request, requestId);
  }
  const url = new URL(request.url);
  const parameters = await readParameters(request, url);
  if (!parameters.ok) return respond(refused(parameters.error, requestId), request, requestId);
  const answer = await account.call({
    method,
    path: url.pathname,
    parameters: parameters.value,
    idempotencyKey: key,
    requestId,
  });
  return respond(answer, request, requestId);
}

const UNAUTHORIZED: ApiError = {
  ...invalidRequest(400, null, "No valid API key was given: send the sandbox's STRIPE_API_KEY as bearer or basic user.", null),
  status: 401,
};
const BAD_KEY = idempotencyError(400, null, `Idempotency keys have 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} characters.`);

async function readParameters(request: Request, url: URL): Promise<Result<FormData, ApiError>> {
  // Not `text()`: the runtime warns about it for forms.
  const body = request.method === "GET" ? "" : new TextDecoder().decode(await request.arrayBuffer());
  if (body.length > BODY_BYTES_MAX) return refusedForm(`The body has more than ${BODY_BYTES_MAX} characters.`);
  const type = request.headers.get("content-type") ?? "";
  if (body !== "" && !/^application\/x-www-form-urlencoded(?:;|$)/.test(type)) {
    return refusedForm("The body must be application/x-www-form-urlencoded.");
  }
  const form = parseForm(body === "" ? url.search : body);
  return form.ok ? ok(form.value) : refusedForm(form.error.message);
}

function refusedForm(message: string): Result<never, ApiError> {
  return { ok: false, error: invalidRequest(400, null, message, null) };
}

function refused(error: ApiError, requestId: string): ApiAnswer {
  const body = JSON.stringify(renderError(error, requestId, undefined));
  return { status: error.status, body, replayOf: null, shouldRetry: null };
}

function respond(answer: ApiAnswer, request: Request, requestId: string): Response {
  const key = request.headers.get("idempotency-key");
  return new Response(answer.body, {
    status: answer.status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "request-id": requestId,
      "stripe-version": request.headers.get("stripe-version") ?? API_VERSION,
      ...(key === null ? {} : { "idempotency-key": key, "original-request": answer.replayOf ?? requestId }),
      ...(answer.replayOf === null ? {} : { "idempotent-replayed": "true" }),
      ...(answer.shouldRetry === null ? {} : { "stripe-should-retry": String(answer.shouldRetry) }),
      ...(answer.status === 401 ? { "www-authenticate": 'Basic realm="Payment sandbox"' } : {}),
    },
  });
}
