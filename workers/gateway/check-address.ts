/**
 * Refuses addresses and headers that no client of ours sends: too long, with control characters, or with dot segments in
 * disguise, which a service behind us might resolve where we did not. Pure.
 */
import type { MiddlewareHandler } from "hono";
import { ProblemError } from "../shared/problem.ts";
import type { GatewayHono } from "./env.ts";

const PATH_CHARACTERS_MAX = 2_048;
/** A hundred SKUs fit, and so does an OAuth request. */
const QUERY_CHARACTERS_MAX = 8_192;
const QUERY_PARAMETERS_MAX = 256;

/** Of the headers that we read ourselves. The platform bounds all of them together (128 KB at Cloudflare). */
const HEADER_CHARACTERS_MAX: Readonly<Record<string, number>> = {
  authorization: 8_192,
  cookie: 16_384,
  "cart-token": 1_024,
  "order-token": 1_024,
  "if-none-match": 4_096,
};

/** C0, DEL and their escapes; a backslash, which browsers take for a slash. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const FORBIDDEN = /[\u0000-\u001f\u007f\\]|%(?:[01][0-9a-f]|7f)/i;
/** `..`, also as `%2e%2e`, also between escaped slashes of either kind. */
const DOT_SEGMENT = /(?:\/|%2f|%5c)(?:\.|%2e){1,2}(?:\/|%2f|%5c|$)/i;

export function refuseOddAddresses(): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    checkAddress(c.req.raw);
    await next();
  };
}

/** @throws ProblemError 400, 414 or 431 */
export function checkAddress(request: Pick<Request, "url" | "headers">): void {
  const { url, headers } = request;
  const pathAt = url.indexOf("/", url.indexOf("//") + 2);
  const queryAt = url.indexOf("?", pathAt);
  const path = queryAt === -1 ? url.slice(pathAt) : url.slice(pathAt, queryAt);
  if (path.length > PATH_CHARACTERS_MAX) throw tooLong("path", PATH_CHARACTERS_MAX);
  if (FORBIDDEN.test(path) || DOT_SEGMENT.test(path))
    throw invalid("The path has a control character, a backslash or a dot segment.");
  if (queryAt !== -1) checkQuery(url.slice(queryAt + 1));
  for (const name in HEADER_CHARACTERS_MAX) checkHeader(name, headers.get(name), HEADER_CHARACTERS_MAX[name] ?? 0);
}

function checkQuery(query: string): void {
  if (query.length > QUERY_CHARACTERS_MAX) throw tooLong("query", QUERY_CHARACTERS_MAX);
  let parameters = 1;
  for (let at = query.indexOf("&"); at !== -1; at = query.indexOf("&", at + 1)) parameters += 1;
  if (parameters > QUERY_PARAMETERS_MAX) throw invalid(`The query may have at most ${QUERY_PARAMETERS_MAX} parameters.`);
}

function checkHeader(name: string, value: string | null, charactersMax: number): void {
  if (value === null || value.length <= charactersMax) return;
  throw new ProblemError({
    status: 431,
    code: "header_too_large",
    detail: `The header ${name} may have at most ${charactersMax} characters.`,
  });
}

function tooLong(what: "path" | "query", charactersMax: number): ProblemError {
  const detail = `The ${what} of the address may have at most ${charactersMax} characters.`;
  return new ProblemError({ status: 414, code: "address_too_long", detail });
}

function invalid(detail: string): ProblemError {
  return new ProblemError({ status: 400, code: "invalid_request", detail });
}
