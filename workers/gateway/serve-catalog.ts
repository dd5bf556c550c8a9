/**
 * Anonymous product pages from this isolate's memory, then from the Cache API, then from the catalogue. Keyed by path,
 * sorted query and catalogue version; what is asked of the catalogue on a miss carries none of the caller's headers, so
 * nothing personal and no unkeyed header can get into an answer that others see.
 */
import { BoundedStore } from "../shared/bounded-store.ts";
import { guarded } from "../shared/call-peer.ts";
import { systemClock } from "../shared/clock.ts";
import { namesEntityTag } from "../shared/entity-tag.ts";
import { KnownVersion } from "../shared/known-version.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER } from "../shared/principal.ts";
import type { CallContext } from "../shared/telemetry.ts";
import type { GatewayEnv } from "./env.ts";
import { peerFailure } from "./peer-failure.ts";
import { REQUEST_ID_HEADER } from "./request-context.ts";

const CACHED_PATHS = /^\/v1\/(?:products|categories|search)(?:[/?]|$)/;
/** Longer addresses are searches nobody repeats, or worse. */
const KEY_CHARACTERS_MAX = 512;
/** A browser may show a page this long without asking: less than it takes to read it. */
const BROWSER_MAX_AGE_SECONDS = 5;
/** Old versions are never asked for again; this only frees their place at the edge. */
const EDGE_MAX_AGE_SECONDS = 300;
const DEADLINE_MS = 10_000;
const VERSION_DEADLINE_MS = 2_000;

/** What every answer from memory says, whatever it answers: one object for as long as it is the same. */
type CommonHeaders = Readonly<Record<string, string>>;

interface KeptAnswer {
  readonly body: ArrayBuffer;
  readonly contentType: string;
  readonly etag: string;
  /** Of `fromMemory`, made once: the runtime copies them whole, where a record is converted name by name at each answer. */
  warm?: { readonly common: CommonHeaders; readonly headers: Headers };
}

/** Of a kept answer's headers. */
const HEADERS_BYTES = 1_024;

const store = new BoundedStore<KeptAnswer>(
  { entriesMax: 4_096, bytesMax: 24 * 1_048_576, entryBytesMax: 512 * 1_024 },
  ({ body, contentType, etag }) => body.byteLength + 2 * (contentType.length + etag.length) + HEADERS_BYTES,
);
const version = new KnownVersion(() => store.clear());

/** What a served answer needs from its request. */
export interface CatalogRequest {
  /** Path and query as they came. */
  readonly path: string;
  readonly method: string;
  readonly ifNoneMatch: string | null;
}

/** Undefined unless the call is a read of the public catalogue by nobody in particular. */
export function catalogRequest(request: Request): CatalogRequest | undefined {
  const { method, headers, url } = request;
  if (method !== "GET" && method !== "HEAD") return undefined;
  const path = url.slice(url.indexOf("/", url.indexOf("//") + 2));
  if (!CACHED_PATHS.test(path) || path.length > KEY_CHARACTERS_MAX) return undefined;
  if (headers.has("authorization") || headers.has("cookie")) return undefined;
  return { path, method, ifNoneMatch: headers.get("if-none-match") };
}

/** Answers without leaving the isolate and without waiting; undefined when that cannot be done. */
export function fromMemory(
  request: CatalogRequest,
  env: GatewayEnv,
  ctx: Pick<ExecutionContext, "waitUntil">,
  common: CommonHeaders,
): Response | undefined {
  const nowMs = systemClock.now();
  const usable = version.usable(nowMs);
  if (usable === undefined) return undefined;
  if (usable.refresh) ctx.waitUntil(version.refresh(nowMs, () => readVersion(env)).catch(() => undefined));
  const kept = store.get(request.path);
  if (kept === undefined) return undefined;
  if (kept.warm?.common !== common) kept.warm = { common, headers: new Headers({ ...common, ...headersOf(kept, "hit") }) };
  return render(request, kept, kept.warm.headers);
}

/** The same with waiting: reads the version, the edge's cache, at last the catalogue. */
export async function fromCatalog(
  request: CatalogRequest,
  env: GatewayEnv,
  ctx: Pick<ExecutionContext, "waitUntil">,
  context: CallContext,
): Promise<Response> {
  const nowMs = systemClock.now();
  const current = version.usable(nowMs)?.version ?? (await version.refresh(nowMs, () => readVersion(env)).catch(failure));
  const path = normalisedPath(request.path);
  const kept = store.get(path);
  if (kept !== undefined) return render(request, kept, headersOf(kept, "hit"));
  const edgeKey = `https://catalog-cache.holdfast.internal/${current}${path}`;
  const edge = await caches.default.match(edgeKey);
  if (edge !== undefined) {
    const answer = await keptAnswer(edge);
    remember(path, answer, current);
    return render(request, answer, headersOf(answer, "hit"));
  }
  const response = await askCatalog(path, env, context);
  if (response.status !== 200) return new Response(response.body, response);
  const answer = await keptAnswer(response);
  remember(path, answer, current);
  ctx.waitUntil(caches.default.put(edgeKey, edgeCopy(answer)));
  return render(request, answer, headersOf(answer, "miss"));
}

/** An answer that was asked for under an older version than is known now may be older itself. */
function remember(path: string, answer: KeptAnswer, askedUnder: number): void {
  if (version.known === askedUnder) store.set(path, answer);
}

/** After a change by an operator: whoever made it reads it at once. */
export async function catalogChanged(env: GatewayEnv): Promise<void> {
  await version.refresh(systemClock.now(), () => readVersion(env)).catch(() => undefined);
}

/** The same query in any order is the same page. */
export function normalisedPath(path: string): string {
  const at = path.indexOf("?");
  if (at === -1) return path;
  const query = new URLSearchParams(path.slice(at + 1));
  query.sort();
  const text = query.toString();
  return text === "" ? path.slice(0, at) : `${path.slice(0, at)}?${text}`;
}

function readVersion(env: GatewayEnv): Promise<number> {
  return guarded({ service: "catalog", deadlineMs: VERSION_DEADLINE_MS, retries: 1, retryTimeouts: false }, () =>
    env.CATALOG.version(),
  );
}

async function askCatalog(path: string, env: GatewayEnv, context: CallContext): Promise<Response> {
  const headers = {
    accept: "application/json",
    [REQUEST_ID_HEADER]: context.requestId,
    traceparent: context.traceparent,
    [PRINCIPAL_HEADER]: encodePrincipal(GUEST),
  };
  return await guarded({ service: "catalog", deadlineMs: DEADLINE_MS, retries: 2, retryTimeouts: false }, () =>
    env.CATALOG.fetch(`https://catalog.holdfast.internal${path}`, { headers }),
  ).catch(failure);
}

function failure(error: unknown): never {
  throw peerFailure("catalog", error);
}

async function keptAnswer(response: Response): Promise<KeptAnswer> {
  const body = await response.arrayBuffer();
  return {
    body,
    contentType: response.headers.get("content-type") ?? "application/json",
    etag: response.headers.get("etag") ?? (await etagOf(body)),
  };
}

async function etagOf(body: ArrayBuffer): Promise<string> {
  return `"${new Uint8Array(await crypto.subtle.digest("SHA-256", body)).slice(0, 16).toHex()}"`;
}

function edgeCopy(answer: KeptAnswer): Response {
  return new Response(answer.body, {
    headers: {
      "content-type": answer.contentType,
      etag: answer.etag,
      "cache-control": `public, max-age=${EDGE_MAX_AGE_SECONDS}`,
    },
  });
}

function headersOf({ contentType, etag }: KeptAnswer, outcome: "hit" | "miss"): Record<string, string> {
  return {
    "content-type": contentType,
    "cache-control": `public, max-age=${BROWSER_MAX_AGE_SECONDS}`,
    etag,
    "x-cache": outcome,
  };
}

function render({ method, ifNoneMatch }: CatalogRequest, { body, etag }: KeptAnswer, headers: HeadersInit): Response {
  if (namesEntityTag(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return new Response(method === "HEAD" ? null : body, { headers });
}
