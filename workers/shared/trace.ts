/**
 * Spans: what each hop of a sampled call took, as one log line each (docs/tracing.md). The gateway decides which calls are
 * sampled; from there the flag of the trace context, which every call carries, says so. The open span belongs to the
 * asynchronous context, so the code between two spans does not pass it on. While nothing is sampled, this costs a
 * comparison a hop and allocates nothing.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { systemClock } from "./clock.ts";
import { type CallContext, isSampled, newSpanId, newTraceId, requestIdOf, SAMPLED, traceparentOf } from "./telemetry.ts";

/** Where a span's time is spent. `rpc` is a call to another worker or object, as its caller waits for it. */
export type Hop = "gateway" | "service" | "rpc" | "object" | "commit" | "database" | "provider" | "queue";

export interface Place {
  readonly service: string;
  readonly hop: Hop;
  /** Names methods and routes, never what is in them. */
  readonly name: string;
}

/** What of an object's storage says whether a commit is waited for. */
type Commits = Pick<DurableObjectStorage, "sync" | "sql">;

interface Span extends Place {
  name: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly startMs: number;
  /** Of the object that the span is in. */
  readonly commits: Commits | undefined;
}

const spans = new AsyncLocalStorage<Span | undefined>();
/** Of this isolate, ever. */
let sampledOnce = false;

function openSpan(): Span | undefined {
  return sampledOnce ? spans.getStore() : undefined;
}

/** False for nearly every call: who asks first makes no closure for a span that nobody wants. */
export function isTraced(): boolean {
  return openSpan() !== undefined;
}

/** Of the open span, to hand on; undefined where nothing is sampled. */
export function openContext(): CallContext | undefined {
  const span = openSpan();
  return span && contextOf(span);
}

/** For what is known only when the work is under way, such as a route. */
export function nameSpan(name: string): void {
  const span = openSpan();
  if (span !== undefined) span.name = name;
}

/** Work that one call starts and others share is no part of it. */
export function outsideSpans<T>(work: () => T): T {
  return isTraced() ? spans.run(undefined, work) : work();
}

/** A span in the open one; without one, the work alone. */
export function inSpan<T>(hop: Hop, name: string, work: () => Promise<T>): Promise<T> {
  const parent = openSpan();
  if (parent === undefined) return work();
  const span: Span = { ...parent, hop, name, id: newSpanId(), parentId: parent.id, startMs: systemClock.now() };
  // What an object sends waits for what it wrote before.
  if (span.commits !== undefined) noteCommit(span, span.commits);
  return run(span, work);
}

/** The first span of a stranger's call; `share` of those that do not ask to be left out. */
export function sampleCall<T>(share: number, headers: Headers, place: Place, work: () => Promise<T> | T): Promise<T> | T {
  const sent = traceparentOf(headers);
  if (Math.random() >= share || (sent !== undefined && !isSampled(sent))) return work();
  sampledOnce = true;
  const [, traceId = newTraceId(), parentId] = sent?.split("-") ?? [];
  return run(newSpan(place, requestIdOf(headers), traceId, parentId), async () => await work());
}

/** The span of a call that came from another worker of ours. */
export function serveSpan<T>(
  place: Place,
  { requestId, traceparent }: CallContext,
  work: (context: CallContext) => Promise<T>,
  commits?: Commits,
): Promise<T> {
  sampledOnce = true;
  const [, traceId = "", parentId] = traceparent.split("-");
  const span = newSpan(place, requestId, traceId, parentId, commits);
  return run(span, () => work(contextOf(span)));
}

/** What happened to a sampled event on its way, written down afterwards. */
export function recordSpan(place: Place, traceparent: string, startMs: number, endMs: number): void {
  const [, traceId = "", parentId] = traceparent.split("-");
  write({ ...newSpan(place, undefined, traceId, parentId), startMs }, endMs, false);
}

/** Makes a span of every call to a method that is handed the context of a sampled call. */
export function traceMethods(entrypoint: { readonly prototype: object }, service: string, hop: "service" | "object"): void {
  const { prototype } = entrypoint;
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const method: unknown = property.value;
    if (typeof method !== "function" || name === "constructor") continue;
    const value = tracedMethod({ service, hop, name }, method as Method);
    Object.defineProperty(prototype, name, { ...property, value });
  }
}

type Method = (this: object, ...parameters: unknown[]) => unknown;

function tracedMethod(place: Place, method: Method): Method {
  return function (...parameters) {
    const context = parameters.find(isSampledContext);
    if (context === undefined) return method.apply(this, parameters);
    const commits = place.hop === "object" ? (this as unknown as { ctx: DurableObjectState }).ctx.storage : undefined;
    const within = (inner: CallContext) => parameters.map((parameter) => (parameter === context ? inner : parameter));
    const work = async (inner: CallContext) => await method.apply(this, within(inner));
    const answer = serveSpan(place, context, work, commits);
    if (commits === undefined) return answer;
    // The answer waits for what was written, and the caller for the answer.
    return answer.finally(() => noteCommitOfAnswer(place.service, context, commits));
  };
}

function isSampledContext(value: unknown): value is CallContext {
  if (typeof value !== "object" || value === null) return false;
  const { traceparent } = value as Partial<CallContext>;
  return typeof traceparent === "string" && isSampled(traceparent);
}

function newSpan(
  place: Place,
  requestId: string | undefined,
  traceId: string,
  parentId: string | undefined,
  commits?: Commits,
): Span {
  const startMs = systemClock.now();
  return { ...place, requestId: requestId ?? "", traceId, id: newSpanId(), parentId, startMs, commits };
}

/** Says to everybody it is handed to that they are called from the span that is open then. */
function contextOf(span: Span): CallContext {
  return {
    requestId: span.requestId,
    get traceparent() {
      const open = spans.getStore();
      const { traceId, id } = open?.traceId === span.traceId ? open : span;
      return `00-${traceId}-${id}${SAMPLED}`;
    },
  };
}

async function run<T>(span: Span, work: () => Promise<T>): Promise<T> {
  let failed = true;
  try {
    const answer = await spans.run(span, work);
    failed = false;
    return answer;
  } finally {
    write(span, systemClock.now(), failed);
  }
}

/** Rows that were written when the last commit was noted, by object. */
const notedChanges = new WeakMap<Commits, number>();

/** A commit from now until what the object wrote is on the disk; nothing when that was noted before. */
function noteCommit(parent: Span, commits: Commits): void {
  const { changes } = commits.sql.exec<{ changes: number }>("SELECT total_changes() AS changes").one();
  if (notedChanges.get(commits) === changes) return;
  notedChanges.set(commits, changes);
  const place = { service: parent.service, hop: "commit", name: "commit" } as const;
  const span = newSpan(place, parent.requestId, parent.traceId, parent.id);
  const note = (failed: boolean) => write(span, systemClock.now(), failed);
  commits.sync().then(
    () => note(false),
    () => note(true),
  );
}

function noteCommitOfAnswer(service: string, { requestId, traceparent }: CallContext, commits: Commits): void {
  const [, traceId = "", callerId = ""] = traceparent.split("-");
  const caller = { ...newSpan({ service, hop: "object", name: "" }, requestId, traceId, undefined), id: callerId };
  noteCommit(caller, commits);
}

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/ names ids and times so, in snake case. */
function write({ service, hop, name, requestId, traceId, id, parentId, startMs }: Span, endMs: number, failed: boolean): void {
  console.log(
    JSON.stringify({
      level: "info",
      service,
      event: "span",
      request_id: requestId === "" ? undefined : requestId,
      trace_id: traceId,
      span_id: id,
      parent_span_id: parentId,
      hop,
      name,
      start_ms: startMs,
      duration_ms: endMs - startMs,
      failed: failed || undefined,
    }),
  );
}
