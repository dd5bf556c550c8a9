/**
 * Asks a legacy origin what the caller asked, and hands its answer out as the shop's. A deadline, a breaker of its own and
 * (for reads) one retry stand around it, so that an old shop that is slow or away harms nothing but its own paths.
 */
import type { Context } from "hono";
import { guarded } from "../../shared/call-peer.ts";
import { clientNetwork } from "../../shared/client-address.ts";
import { ProblemError } from "../../shared/problem.ts";
import { logger } from "../../shared/telemetry.ts";
import type { GatewayHono } from "../env.ts";
import { isSafe } from "../forward.ts";
import { peerFailure } from "../peer-failure.ts";
import { bodyTooLarge, takeStream, type Upload } from "../take-body.ts";
import { type Caller, legacyRequestHeaders, shopAnswerHeaders, VIA } from "./legacy-headers.ts";
import type { LegacyOrigin } from "./rules.ts";

/** As breakers, `/healthz` and the access log name it. */
export function legacyName({ name }: LegacyOrigin): string {
  return `legacy:${name}`;
}

export type CallerRules = Pick<Caller, "publicUrl" | "isAdminKey">;

export async function askLegacy(c: Context<GatewayHono>, origin: LegacyOrigin, rules: CallerRules): Promise<Response> {
  const { raw } = c.req;
  if (raw.headers.get("via")?.includes(VIA)) throw loopDetected();
  const { pathname, search } = new URL(raw.url);
  const asked = new URL(origin.origin + pathname + search);
  const hasBody = raw.method !== "GET" && raw.method !== "HEAD";
  const rule = { maxBytes: origin.request_bytes_max };
  const upload = hasBody ? takeStream(raw, rule) : null;
  const address = raw.headers.get("cf-connecting-ip") ?? "";
  const caller: Caller = {
    ...rules,
    headers: raw.headers,
    context: c.var.context,
    address: clientNetwork(address) === undefined ? undefined : address,
  };
  const outgoing = { method: raw.method, headers: legacyRequestHeaders(caller, origin) };
  try {
    const answer = await guardedFetch(asked, outgoing, upload, origin);
    if (upload?.exceeded()) throw bodyTooLarge(rule);
    return shopAnswer(answer, origin, asked, rules.publicUrl);
  } catch (error) {
    if (upload?.exceeded()) throw bodyTooLarge(rule);
    if (error instanceof ProblemError) throw error;
    logger("gateway", c.var.context).warn("peer_failed", { peer: legacyName(origin), reason: String(error) });
    throw peerFailure(origin.name, error);
  }
}

/** Uploads have a breaker of their own, as with services: a client that breaks off is not the origin's doing. */
function guardedFetch(
  asked: URL,
  outgoing: { readonly method: string; readonly headers: Headers },
  upload: Upload | null,
  origin: LegacyOrigin,
): Promise<Response> {
  const service = upload === null ? legacyName(origin) : `${legacyName(origin)}-upload`;
  const policy = { service, deadlineMs: origin.deadline_ms, retries: isSafe(outgoing.method) ? 1 : 0, retryTimeouts: false };
  return guarded(policy, async () => {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), origin.deadline_ms);
    try {
      const init: RequestInit & { readonly duplex: "half" } = {
        ...outgoing,
        body: upload?.stream ?? null,
        redirect: "manual",
        // The platform keeps what looks like a file by its name, whoever it was made for.
        cache: "no-store",
        signal: giveUp.signal,
        duplex: "half",
      };
      return await fetch(asked, init);
    } finally {
      clearTimeout(timer);
    }
  });
}

/** @throws ProblemError 502 for an answer that says it is too large; one that only becomes so is cut. */
function shopAnswer(answer: Response, origin: LegacyOrigin, asked: URL, publicUrl: string): Response {
  const declared = answer.headers.get("content-length");
  if (declared !== null && Number(declared) > origin.answer_bytes_max) throw answerTooLarge(origin);
  const headers = shopAnswerHeaders(answer.headers, origin, asked, publicUrl);
  const isBodiless = answer.body === null || [204, 205, 304].includes(answer.status);
  const body = isBodiless ? null : (takeStream(answer, { maxBytes: origin.answer_bytes_max })?.stream ?? null);
  return new Response(body, { status: answer.status, headers });
}

function answerTooLarge({ name }: LegacyOrigin): ProblemError {
  return new ProblemError({
    status: 502,
    code: "answer_too_large",
    detail: `The answer of ${name} is larger than is handed on.`,
  });
}

function loopDetected(): ProblemError {
  return new ProblemError({
    status: 508,
    code: "loop_detected",
    detail: "This request came back from where it was sent: a legacy origin points here, and a rule points there.",
  });
}
