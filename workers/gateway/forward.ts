/**
 * Hands a call to the service that owns its path: same method, path and body, headers without credentials and with the
 * verified principal. A deadline, a circuit breaker and (for safe methods) a retry stand around it; what cannot be asked
 * is 503, what does not answer in time is 504.
 */
import type { Context } from "hono";
import { guarded, type PeerPolicy } from "../shared/call-peer.ts";
import { CLIENT_ADDRESS_HEADER } from "../shared/client-address.ts";
import { encodePrincipal, isInternalHeader, PRINCIPAL_HEADER } from "../shared/principal.ts";
import { CHANGE_HEADER, readChange } from "../shared/privileged-act.ts";
import { ProblemError } from "../shared/problem.ts";
import { logger } from "../shared/telemetry.ts";
import type { GatewayHono } from "./env.ts";
import { peerFailure } from "./peer-failure.ts";
import { REQUEST_ID_HEADER } from "./request-context.ts";
import type { Route, ServiceBinding } from "./routing-table.ts";
import { bodyTooLarge, isUpload } from "./take-body.ts";

const RETRIES_SAFE = 2;
const CREDENTIAL_HEADERS = ["authorization", "cart-token", "order-token"];

export async function forward(c: Context<GatewayHono>): Promise<Response> {
  const { route, body, context } = c.var;
  const binding = c.env[route.service];
  if (binding === undefined) throw nothingAt(c.req.method, c.req.path);
  const upload = isUpload(body) ? body : undefined;
  const service = serviceName(route.service);
  try {
    const response = await guarded(policyOf(route, c.req.method, upload !== undefined), () => binding.fetch(inwardRequest(c)));
    if (upload?.exceeded()) throw bodyTooLarge(route.body);
    c.set("change", readChange(response.headers.get(CHANGE_HEADER)));
    return outwardResponse(response);
  } catch (error) {
    // A cut upload fails the peer, but it is the client's doing.
    if (upload?.exceeded()) throw bodyTooLarge(route.body);
    logger("gateway", context).warn("peer_failed", { peer: service, reason: String(error) });
    throw peerFailure(service, error);
  }
}

/** `PAYMENT_SANDBOX` → `payment-sandbox`. */
export function serviceName(service: ServiceBinding): string {
  return service.toLowerCase().replaceAll("_", "-");
}

export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/** Uploads have a breaker of their own: clients that break off in mid-body must not close the service for others. */
function policyOf(route: Route, method: string, upload: boolean): PeerPolicy {
  return {
    service: upload ? `${serviceName(route.service)}-upload` : serviceName(route.service),
    deadlineMs: route.deadlineMs,
    retries: isSafe(method) ? RETRIES_SAFE : 0,
    retryTimeouts: false,
  };
}

function inwardRequest(c: Context<GatewayHono>): Request {
  const { raw } = c.req;
  const { body } = c.var;
  return new Request(raw.url, {
    method: raw.method,
    headers: inwardHeaders(c),
    body: isUpload(body) ? body.stream : body,
    redirect: "manual",
    // Where the shopper is, so that a new cart lives nearby.
    ...(raw.cf === undefined ? {} : { cf: raw.cf as RequestInitCfProperties }),
  });
}

/** The caller's headers without anything that only we may say, and without credentials that were verified here. */
function inwardHeaders(c: Context<GatewayHono>): Headers {
  const { context, principal, route } = c.var;
  const headers = new Headers(c.req.raw.headers);
  for (const name of [...headers.keys()]) if (isInternalHeader(name)) headers.delete(name);
  if (route.credentials === "verified") for (const name of CREDENTIAL_HEADERS) headers.delete(name);
  // Cookies are the pages' alone: they also hold the shopper's language and market.
  if (route.service !== "STOREFRONT") headers.delete("cookie");
  headers.set(REQUEST_ID_HEADER, context.requestId);
  headers.set("traceparent", context.traceparent);
  headers.set(PRINCIPAL_HEADER, encodePrincipal(principal));
  const network = c.get("network");
  if (network !== undefined) headers.set(CLIENT_ADDRESS_HEADER, network);
  return headers;
}

/** With headers that later stages may write, and none that is ours alone. An opened WebSocket goes along. */
function outwardResponse(response: Response): Response {
  const outward = new Response(response.body, response);
  for (const name of [...outward.headers.keys()]) if (isInternalHeader(name)) outward.headers.delete(name);
  return outward;
}

export function nothingAt(method: string, path: string): ProblemError {
  return new ProblemError({
    status: 404,
    code: "not_found",
    detail: `There is nothing at ${method} ${path}. The whole API is described at /openapi.json and /docs.`,
  });
}
