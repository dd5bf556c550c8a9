/**
 * What a legacy origin is told and what it may say. Requests carry a list of known headers, so that nothing of ours gets out
 * by being new; answers lose what belongs to one hop, to us, or to the whole origin of the shop. Pure.
 */
import { TOKEN_ISSUER } from "../../identity/contract.ts";
import { isInternalHeader } from "../../shared/principal.ts";
import type { CallContext } from "../../shared/telemetry.ts";
import { REQUEST_ID_HEADER } from "../request-context.ts";
import { cookiePairs, unverifiedClaims } from "./choose-side.ts";
import type { LegacyOrigin } from "./rules.ts";

const FORWARDED = [
  "accept",
  "accept-language",
  "cache-control",
  "content-encoding",
  "content-language",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "origin",
  "pragma",
  "range",
  "sec-fetch-dest",
  "sec-fetch-mode",
  "sec-fetch-site",
  "sec-fetch-user",
  "user-agent",
  "x-csrf-token",
  "x-requested-with",
] as const;

/** Names this gateway to those behind it, so that a circle is noticed. */
export const VIA = "1.1 holdfast";

/** Of one hop (RFC 9110, 7.6.1), or the shop's own to say for all of its origin. */
const DROPPED_FROM_ANSWERS = new Set([
  "access-control-allow-credentials",
  "access-control-allow-headers",
  "access-control-allow-methods",
  "access-control-allow-origin",
  "access-control-allow-private-network",
  "access-control-expose-headers",
  "access-control-max-age",
  "alt-svc",
  "clear-site-data",
  "connection",
  "keep-alive",
  "nel",
  "proxy-authenticate",
  "proxy-connection",
  "ratelimit",
  "ratelimit-policy",
  "report-to",
  "reporting-endpoints",
  "server",
  "service-worker-allowed",
  "set-cookie",
  "strict-transport-security",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-powered-by",
  REQUEST_ID_HEADER,
]);

export interface Caller {
  readonly headers: Headers;
  readonly context: CallContext;
  readonly publicUrl: string;
  /** As the platform saw it; undefined where nobody stands in front. */
  readonly address: string | undefined;
  readonly isAdminKey: (bearer: string) => boolean;
}

export function legacyRequestHeaders(caller: Caller, origin: LegacyOrigin): Headers {
  const outgoing = new Headers();
  for (const name of [...FORWARDED, ...origin.headers]) {
    const value = caller.headers.get(name);
    if (value !== null) outgoing.set(name, value);
  }
  const referrer = withoutQuery(caller.headers.get("referer"));
  if (referrer !== undefined) outgoing.set("referer", referrer);
  const cookie = allowedCookies(caller.headers.get("cookie"), origin.cookies);
  if (cookie !== "") outgoing.set("cookie", cookie);
  const authorization = caller.headers.get("authorization");
  if (authorization !== null && mayLearn(authorization, caller, origin)) outgoing.set("authorization", authorization);
  const { protocol, host } = new URL(caller.publicUrl);
  outgoing.set("x-forwarded-host", host);
  outgoing.set("x-forwarded-proto", protocol.slice(0, -1));
  if (caller.address !== undefined) outgoing.set("x-forwarded-for", caller.address);
  outgoing.set("via", VIA);
  outgoing.set(REQUEST_ID_HEADER, caller.context.requestId);
  outgoing.set("traceparent", caller.context.traceparent);
  return outgoing;
}

/** Links to orders carry their token in the query. */
function withoutQuery(address: string | null): string | undefined {
  if (address === null || !URL.canParse(address)) return undefined;
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

/** The origin's own credentials, never an access token of ours; the admin key only where the rules say so. */
function mayLearn(authorization: string, { isAdminKey }: Caller, origin: LegacyOrigin): boolean {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined && isAdminKey(bearer)) return origin.forward_admin_key;
  return origin.forward_authorization && unverifiedClaims(authorization)["iss"] !== TOKEN_ISSUER;
}

function allowedCookies(header: string | null, allowed: readonly string[]): string {
  return [...cookiePairs(header)]
    .filter(([name]) => isAllowed(name, allowed))
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");
}

function isAllowed(name: string, allowed: readonly string[]): boolean {
  return allowed.some((entry) => (entry.endsWith("*") ? name.startsWith(entry.slice(0, -1)) : name === entry));
}

/** @param asked the address at the legacy origin */
export function shopAnswerHeaders(answer: Headers, origin: LegacyOrigin, asked: URL, publicUrl: string): Headers {
  const headers = new Headers(answer);
  const ofThisHop = (answer.get("connection") ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  for (const name of [...headers.keys()])
    if (DROPPED_FROM_ANSWERS.has(name) || isInternalHeader(name) || ofThisHop.includes(name)) headers.delete(name);
  for (const name of ["location", "content-location"]) rewriteLocation(headers, name, asked, publicUrl);
  const secure = publicUrl.startsWith("https:");
  const cookies = answer.getSetCookie().flatMap((cookie) => ownCookie(cookie, origin.cookies, secure));
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  // A cookie is somebody's: nobody else is served the answer that brings it.
  if (cookies.length > 0) headers.set("cache-control", "private, no-store");
  return headers;
}

/** An address of the legacy origin becomes one of the shop; another one stays; what is no web address goes. */
function rewriteLocation(headers: Headers, name: string, asked: URL, publicUrl: string): void {
  const location = headers.get(name);
  if (location === null) return;
  const target = URL.canParse(location, asked.href) ? new URL(location, asked.href) : undefined;
  if (target === undefined || !/^https?:$/.test(target.protocol)) headers.delete(name);
  else if (target.host === asked.host)
    headers.set(name, new URL(publicUrl).origin + target.pathname + target.search + target.hash);
  else headers.set(name, target.href);
}

/** Without `Domain`, so that it is the shop's alone; `Secure` wherever the shop is. */
function ownCookie(cookie: string, allowed: readonly string[], secure: boolean): string[] {
  const [pair = "", ...attributes] = cookie.split(";").map((part) => part.trim());
  if (!isAllowed(pair.split("=")[0]?.trim() ?? "", allowed)) return [];
  const kept = attributes.filter((attribute) => !/^(?:domain\s*=|secure$)/i.test(attribute));
  return [[pair, ...kept, ...(secure ? ["Secure"] : [])].join("; ")];
}
