/**
 * Takes the request body in within its route's limit, whether or not the client declared a length. JSON and signed bodies
 * are read whole, so that they can be hashed and sent again; uploads pass through as they come, counted.
 */
import type { MiddlewareHandler } from "hono";
import { ProblemError } from "../shared/problem.ts";
import { readAtMost } from "../shared/read-at-most.ts";
import { checkJson, jsonFaultDetail } from "./check-json.ts";
import type { GatewayHono } from "./env.ts";
import type { BodyRule } from "./routing-table.ts";

const JSON_TYPE = /^application\/(?:json|[\w.-]+\+json)\s*(?:;|$)/i;
/** RFC 8259 knows no other charset; a parameter that names one lies, or would be read differently elsewhere. */
const OTHER_CHARSET = /;\s*charset\s*=\s*"?(?!utf-?8\b)/i;

/** An upload on its way; `exceeded` turns true when it grew past the limit and was cut. */
export interface Upload {
  readonly stream: ReadableStream;
  readonly exceeded: () => boolean;
}

export type RequestBody = ArrayBuffer | Upload | null;

export function isUpload(body: RequestBody): body is Upload {
  return body !== null && "stream" in body;
}

export function takeBody(): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    const { body: rule } = c.get("route");
    const bodiless = c.req.method === "GET" || c.req.method === "HEAD";
    c.set("body", bodiless ? null : await takeRequestBody(c.req.raw, rule));
    await next();
  };
}

/** @throws ProblemError 400, 413 or 415 */
export async function takeRequestBody(request: Request, rule: BodyRule): Promise<RequestBody> {
  const declared = request.headers.get("content-length");
  if (request.body === null || declared === "0") return null;
  if (declared !== null && Number(declared) > rule.maxBytes) throw bodyTooLarge(rule);
  if (rule.form === "stream") {
    if (request.headers.get("content-type") === null)
      throw unsupportedMediaType("Say what the upload is: `content-type: text/csv`.");
    return takeStream(request, rule);
  }
  const body = declared === null ? await readLimited(request.body, rule) : await request.arrayBuffer();
  if (body.byteLength === 0) return null;
  requireUncompressed(request.headers);
  if (rule.form === "json") requireJson(request.headers, body);
  return body;
}

/** What nobody unpacks cannot grow: only uploads may be compressed, and their service bounds what comes out. */
function requireUncompressed(headers: Headers): void {
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") throw unsupportedMediaType("Bodies are taken uncompressed here.");
}

function requireJson(headers: Headers, body: ArrayBuffer): void {
  const type = headers.get("content-type") ?? "";
  if (!JSON_TYPE.test(type) || OTHER_CHARSET.test(type)) {
    throw unsupportedMediaType("Send the body as JSON in UTF-8 with `content-type: application/json`.");
  }
  const checked = checkJson(body);
  if (!checked.ok) throw new ProblemError({ status: 400, code: "malformed_body", detail: jsonFaultDetail(checked.error) });
}

async function readLimited(body: ReadableStream<Uint8Array>, rule: BodyRule): Promise<ArrayBuffer> {
  const whole = await readAtMost(body, rule.maxBytes);
  if (whole === null) throw bodyTooLarge(rule);
  return whole.buffer;
}

/** @throws ProblemError 413 for a declared length that is too much. */
export function takeStream({ headers, body }: Pick<Request | Response, "headers" | "body">, rule: LengthRule): Upload | null {
  const declared = headers.get("content-length");
  if (body === null || declared === "0") return null;
  if (declared !== null && Number(declared) > rule.maxBytes) throw bodyTooLarge(rule);
  return declared === null ? limitedUpload(body, rule) : { stream: body, exceeded: () => false };
}

type LengthRule = Pick<BodyRule, "maxBytes">;

function limitedUpload(body: ReadableStream<Uint8Array>, rule: LengthRule): Upload {
  let length = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      length += chunk.byteLength;
      if (length > rule.maxBytes) controller.error(bodyTooLarge(rule));
      else controller.enqueue(chunk);
    },
  });
  return { stream: body.pipeThrough(counter), exceeded: () => length > rule.maxBytes };
}

export function bodyTooLarge(rule: LengthRule): ProblemError {
  return new ProblemError({
    status: 413,
    code: "body_too_large",
    detail: `The body may have at most ${rule.maxBytes} bytes here.`,
  });
}

function unsupportedMediaType(detail: string): ProblemError {
  return new ProblemError({ status: 415, code: "unsupported_media_type", detail });
}
