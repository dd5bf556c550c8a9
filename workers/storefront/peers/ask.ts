/**
 * The one way a page asks a peer: the public HTTP contract with the shopper's principal, guarded by a deadline and a
 * breaker, tried again only when it is a read. What the peer refuses and what it cannot do now are values.
 */
import * as z from "zod";
import { guarded, type PeerPolicy } from "../../shared/call-peer.ts";
import { CLIENT_ADDRESS_HEADER } from "../../shared/client-address.ts";
import { later, within } from "../../shared/later.ts";
import { encodePrincipal, PRINCIPAL_HEADER } from "../../shared/principal.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { logger } from "../../shared/telemetry.ts";
import type { Peer } from "../env.ts";
import type { PageContext } from "../page-context.ts";

export interface PeerProblem {
  /** The problem document's `code`; `unavailable` when the peer is away. */
  readonly code: string;
  /** HTTP status; 503 when the peer is away. */
  readonly status: number;
  readonly detail: string;
  /** The whole document, with members such as `shortages`. */
  readonly problem: Record<string, unknown>;
}

/** What a peer said, or why it did not. */
export type Answer<T> = Promise<Result<T, PeerProblem>>;

export interface PeerRequest {
  readonly method?: string;
  /** The public path with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** For what a page can do without: asked once, and not waited for longer. */
  readonly deadlineMs?: number;
}

const READ_DEADLINE_MS = 8_000;
const READ_RETRIES = 2;
/** A checkout holds stock and talks to the payment provider. */
const WRITE_DEADLINE_MS = 50_000;

const UNAVAILABLE: PeerProblem = { code: "unavailable", status: 503, detail: "No answer in time.", problem: {} };
const ProblemDocument = z.looseObject({ code: z.string(), detail: z.string().default("") });

/** What of a page a peer is asked with. */
export type Asker = Pick<PageContext, "env" | "principal" | "call" | "cf" | "network">;

export async function ask<T>(page: Asker, peer: Peer, request: PeerRequest, schema: z.ZodType<T>): Answer<T> {
  const service = peer.toLowerCase();
  try {
    const answer = await guarded(policyOf(service, request), async () => {
      const response = await page.env[peer].fetch(
        `https://${service}.holdfast.internal${request.path}`,
        requestInit(page, request),
      );
      return { status: response.status, ok: response.ok, text: await response.text() };
    });
    return answer.ok ? ok(schema.parse(parseJson(answer.text))) : err(problemOf(answer.status, answer.text));
  } catch (error) {
    logger("storefront", page.call).error("peer_failed", error, { peer: service, path: request.path.split("?")[0] });
    return err({ code: "unavailable", status: 503, detail: "This part of the shop does not answer at the moment.", problem: {} });
  }
}

/** A file that the peer streams: handed on as it comes, when it is one. */
export async function askForFile(page: Asker, peer: Peer, request: PeerRequest): Answer<Response> {
  const service = peer.toLowerCase();
  try {
    const response = await guarded(policyOf(service, request), () =>
      page.env[peer].fetch(`https://${service}.holdfast.internal${request.path}`, requestInit(page, request)),
    );
    return response.ok ? ok(new Response(response.body, response)) : err(problemOf(response.status, await response.text()));
  } catch (error) {
    logger("storefront", page.call).error("peer_failed", error, { peer: service, path: request.path.split("?")[0] });
    return err({ code: "unavailable", status: 503, detail: "This part of the shop does not answer at the moment.", problem: {} });
  }
}

function policyOf(service: string, { method, deadlineMs }: PeerRequest): PeerPolicy {
  // With a breaker of its own: an impatient question must not close the peer for those that can wait.
  if (deadlineMs !== undefined) return { service: `${service}-optional`, deadlineMs, retries: 0 };
  if (method !== undefined && method !== "GET") return { service, deadlineMs: WRITE_DEADLINE_MS, retries: 0 };
  return { service, deadlineMs: READ_DEADLINE_MS, retries: READ_RETRIES, retryTimeouts: false };
}

function requestInit(page: Asker, request: PeerRequest): RequestInit {
  return {
    method: request.method ?? "GET",
    headers: {
      accept: "application/json",
      ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      ...request.headers,
      "x-request-id": page.call.requestId,
      traceparent: page.call.traceparent,
      [PRINCIPAL_HEADER]: encodePrincipal(page.principal),
      ...(page.network === undefined ? {} : { [CLIENT_ADDRESS_HEADER]: page.network }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(page.cf === undefined ? {} : { cf: page.cf as RequestInitCfProperties }),
  };
}

/** An empty answer (204) is `null`. */
function parseJson(text: string): unknown {
  return text === "" ? null : JSON.parse(text);
}

function problemOf(status: number, text: string): PeerProblem {
  try {
    const problem = ProblemDocument.parse(JSON.parse(text));
    return { code: problem.code, status, detail: problem.detail, problem };
  } catch {
    return { code: "unavailable", status: 503, detail: "This part of the shop does not answer at the moment.", problem: {} };
  }
}

/** The answer if it comes in time: for facts that a page can be shown without. */
export async function inTime<T>(deadlineMs: number, answer: Answer<T>): Answer<T> {
  return (await within(later, deadlineMs, () => answer)) ?? err(UNAVAILABLE);
}
