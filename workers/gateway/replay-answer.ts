/**
 * The Idempotency-Key protocol for every unsafe POST that carries the header: one effect per key. In flight is 409, another
 * body 422, finished gives the first answer again with `Idempotent-Replayed: true`. Checkout runs it in its own
 * transaction; this stage serves the rest.
 */
import type { Context, MiddlewareHandler } from "hono";
import { ANSWER_CHARACTERS_MAX, shardOf } from "../../durable-objects/idempotency-keys/contract.ts";
import { guarded } from "../shared/call-peer.ts";
import { type IdempotencyDecision, IdempotencyKey, type StoredAnswer } from "../shared/idempotency.ts";
import type { Principal } from "../shared/principal.ts";
import { PROBLEM_CONTENT_TYPE, ProblemError, problemDocument, problemResponse } from "../shared/problem.ts";
import { logger } from "../shared/telemetry.ts";
import type { GatewayHono } from "./env.ts";
import { serviceName } from "./forward.ts";
import { peerFailure } from "./peer-failure.ts";
import { type AnswerSeal, answerSeal } from "./seal-answer.ts";
import { isUpload } from "./take-body.ts";

const KEYS_DEADLINE_MS = 5_000;
/** Refusals that ran nothing: the same key may be used again with a better request, as at Stripe. */
const NOT_CARRIED_OUT = new Set([400, 401, 403, 405, 408, 413, 415, 422, 425, 429]);
const NO_BODY = new ArrayBuffer(0);

export function replayAnswer(secret: string): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    const key = c.req.raw.headers.get("idempotency-key");
    const { route, body } = c.var;
    if (key === null || c.req.method !== "POST" || route.idempotency !== "gateway" || isUpload(body)) return await next();
    requireWellFormed(key);
    const seal = answerSeal(secret, scopeOf(c), key);
    const attempt = crypto.randomUUID();
    const decision = await ask(c, seal, async (keys): Promise<IdempotencyDecision> => {
      using answer = await keys.begin(seal.recordId, attempt, seal.bodyDigest(body ?? NO_BODY));
      return { ...answer };
    });
    if (decision.kind !== "run") return await answerWithoutRunning(decision, seal);
    const run = next().then(() => settle(c, seal, attempt));
    // The answer is kept even when the caller hangs up: that is when it is needed.
    c.executionCtx.waitUntil(run);
    return await run;
  };
}

function requireWellFormed(key: string): void {
  if (IdempotencyKey.safeParse(key).success) return;
  throw new ProblemError({
    status: 400,
    code: "invalid_idempotency_key",
    detail: "The Idempotency-Key must be 1 to 255 visible ASCII characters, such as a UUID.",
  });
}

/** Guests without a token are told apart by their address, because nothing else tells them apart. */
function scopeOf(c: Context<GatewayHono>): string[] {
  const { pathname, search } = new URL(c.req.url);
  return [...callerOf(c.var.principal, c.req.raw.headers), c.req.method, pathname + search];
}

function callerOf(principal: Principal, headers: Headers): string[] {
  if (principal.kind !== "guest") return [principal.kind, principal.subject ?? "admin-key", principal.client ?? "itself"];
  if (principal.capabilities.length > 0) return ["capabilities", ...[...principal.capabilities].sort()];
  return ["guest", headers.get("cf-connecting-ip") ?? ""];
}

type Keys = ReturnType<GatewayHono["Bindings"]["IDEMPOTENCY_KEYS"]["getByName"]>;

async function ask<T>(c: Context<GatewayHono>, seal: AnswerSeal, call: (keys: Keys) => Promise<T>): Promise<T> {
  const policy = { service: "idempotency-keys", deadlineMs: KEYS_DEADLINE_MS, retries: 2, retryTimeouts: false };
  try {
    // A stub is broken after any error, so each try takes a new one.
    return await guarded(policy, () => call(c.env.IDEMPOTENCY_KEYS.getByName(shardOf(seal.recordId))));
  } catch (error) {
    throw peerFailure(policy.service, error);
  }
}

async function answerWithoutRunning(
  decision: Exclude<IdempotencyDecision, { kind: "run" }>,
  seal: AnswerSeal,
): Promise<Response> {
  switch (decision.kind) {
    case "replay": {
      const { status, body, contentType } = decision.answer;
      const headers = { ...(contentType === "" ? {} : { "content-type": contentType }), "idempotent-replayed": "true" };
      const text = await seal.open(body);
      return new Response(text === "" ? null : text, { status, headers });
    }
    case "in_flight":
      return problemResponse({
        status: 409,
        code: "idempotency_key_in_flight",
        detail: "A request with this Idempotency-Key is still running. Ask again in a moment for its answer.",
        headers: { "retry-after": String(decision.retryAfterSeconds) },
      });
    case "other_body":
      return problemResponse({
        status: 422,
        code: "idempotency_key_reused",
        detail: "This Idempotency-Key was used with another body. A new request needs a new key.",
      });
  }
}

/** Keeps the answer, or frees the key when nothing was carried out. */
async function settle(c: Context<GatewayHono>, seal: AnswerSeal, attempt: string): Promise<void> {
  const { status } = c.res;
  // After a deadline the call may still be running: its lease keeps the key until it cannot be any more.
  if (status === 504) return;
  const freed = status >= 500 || NOT_CARRIED_OUT.has(status);
  const answer = freed ? null : await sealedAnswer(c, seal);
  try {
    await ask(c, seal, (keys) =>
      answer === null ? keys.abandon(seal.recordId, attempt) : keys.complete(seal.recordId, attempt, answer),
    );
  } catch (error) {
    // The call itself is done and its answer goes out; the key stays taken until its lease ends.
    logger("gateway", c.var.context).error("idempotency_answer_not_kept", error, { path: c.req.path });
  }
}

/** Reads the answer whole, puts it back for the caller, and seals a copy. */
async function sealedAnswer(c: Context<GatewayHono>, seal: AnswerSeal): Promise<StoredAnswer> {
  const text = await c.res.text().catch((error: unknown) => {
    throw peerFailure(serviceName(c.var.route.service), error);
  });
  const { status } = c.res;
  const contentType = c.res.headers.get("content-type") ?? "";
  c.res = new Response(text === "" ? null : text, c.res);
  if (text.length > ANSWER_CHARACTERS_MAX)
    return { status: 409, contentType: PROBLEM_CONTENT_TYPE, body: await seal.seal(TOO_LARGE) };
  return { status, contentType, body: await seal.seal(text) };
}

/** Said to a repetition whose first answer was too large to keep: the effect still happens once. */
const TOO_LARGE = JSON.stringify(
  problemDocument({
    status: 409,
    code: "idempotent_answer_not_kept",
    detail: "This request was carried out, but its answer was too large to keep. Read what it made instead.",
  }),
);
