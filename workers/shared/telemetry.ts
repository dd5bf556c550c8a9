/**
 * Structured logs and the context that follows a request through RPC calls and queues: one JSON object a line, with the
 * request id and the W3C trace context. Native spans are not parented from outside, so the context is carried by hand;
 * `trace.ts` makes spans of it for the calls that are sampled.
 */
import * as z from "zod";

/** The last argument of every RPC method and a member of every queue message. */
export interface CallContext {
  readonly requestId: string;
  /** https://www.w3.org/TR/trace-context/ */
  readonly traceparent: string;
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
export const SAMPLED = "-01";
const NOT_SAMPLED = "-00";
const REQUEST_ID = /^[A-Za-z0-9_.:-]{8,128}$/;

export const CallContext = z.strictObject({
  requestId: z.string().regex(REQUEST_ID),
  traceparent: z.string().regex(TRACEPARENT),
});

/** @returns the same object, because that of a sampled call knows which span is open. @throws when it is no context */
export function checkContext(context: CallContext): CallContext {
  CallContext.parse(context);
  return context;
}

/** What another worker of ours sent along; a new context for who sent none. */
export function contextFromHeaders(headers: Headers): CallContext {
  return { requestId: requestIdOf(headers), traceparent: traceparentOf(headers) ?? newTraceparent() };
}

/** The same of a stranger: their trace goes on in a span of ours, but whether it is sampled is not theirs to say. */
export function contextOfStranger(headers: Headers): CallContext {
  const traceparent = traceparentOf(headers);
  return {
    requestId: requestIdOf(headers),
    traceparent: traceparent === undefined ? newTraceparent() : `${traceparent.slice(0, 36)}${newSpanId()}${NOT_SAMPLED}`,
  };
}

/** Undefined unless it is well-formed. */
export function traceparentOf(headers: Headers): string | undefined {
  const traceparent = headers.get("traceparent") ?? "";
  return TRACEPARENT.test(traceparent) ? traceparent : undefined;
}

/** Whether whoever gets it is to write down what they do. https://www.w3.org/TR/trace-context/#sampled-flag */
export function isSampled(traceparent: string): boolean {
  return traceparent.endsWith(SAMPLED);
}

/** The caller's request id when it is well-formed, else a new one. */
export function requestIdOf(headers: Headers): string {
  const requestId = headers.get("x-request-id") ?? "";
  return REQUEST_ID.test(requestId) ? requestId : crypto.randomUUID();
}

/** For work that no request started: alarms, schedules, scripts. */
export function newContext(): CallContext {
  return { requestId: crypto.randomUUID(), traceparent: newTraceparent() };
}

export function newTraceparent(): string {
  return `00-${newTraceId()}-${newSpanId()}${NOT_SAMPLED}`;
}

export function newTraceId(): string {
  return randomHex();
}

export function newSpanId(): string {
  return randomHex().slice(16);
}

/** 32 digits; neither half can be all zeros, which would be no id. */
function randomHex(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, error: unknown, fields?: LogFields): void;
}

const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
let minimumLevel: LogLevel = "info";

/** Local load runs keep only what an operator must see. */
export function setLogLevel(level: LogLevel): void {
  minimumLevel = level;
}

/** A logger bound to one worker and one call. Fields carry ids and codes, never names, addresses or secrets. */
export function logger(service: string, context?: CallContext): Logger {
  function write(level: LogLevel, event: string, fields: LogFields): void {
    if (SEVERITY[level] < SEVERITY[minimumLevel]) return;
    const line = JSON.stringify({
      level,
      service,
      event,
      request_id: context?.requestId,
      trace_id: context?.traceparent.slice(3, 35),
      ...fields,
    });
    if (level === "error") console.error(line);
    else if (level === "warn") console.warn(line);
    else console.log(line);
  }
  return {
    debug: (event, fields = {}) => write("debug", event, fields),
    info: (event, fields = {}) => write("info", event, fields),
    warn: (event, fields = {}) => write("warn", event, fields),
    error: (event, error, fields = {}) =>
      write("error", event, { ...fields, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  };
}
