/** The small references: one worker each that does one thing. Text and bindings alone. */
import type { ReferenceName } from "./figure.ts";

const HELLO = `export default { fetch: () => new Response("hello world") };`;

const RPC_ECHO = `
import { WorkerEntrypoint } from "cloudflare:workers";
export class Echo extends WorkerEntrypoint { echo(value) { return value; } }
export default { fetch: async (_, env) => new Response(await env.ECHO.echo("hello world")) };`;

const SINGLE_WRITE = `
import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  constructor(ctx, env) { super(ctx, env); ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT"); }
  add() { this.ctx.storage.sql.exec("INSERT INTO counter (id, n) VALUES (1, 1) ON CONFLICT DO UPDATE SET n = n + 1"); return 1; }
}
export default { fetch: async (_, env) => { await env.COUNTER.getByName("one").add(); return new Response("ok"); } };`;

export const D1_TABLE = "CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT";
const D1_READ = `
export default { fetch: async (_, env) => { const row = await env.DB.prepare("SELECT n FROM counter WHERE id = ?").bind(1).first(); return new Response(String(row?.n)); } };`;
const D1_WRITE = `
export default { fetch: async (_, env) => { await env.DB.prepare("INSERT INTO counter (id, n) VALUES (1, 1) ON CONFLICT DO UPDATE SET n = n + 1").run(); return new Response("ok"); } };`;

/** A product's answer as the gateway gives it from memory: as long, under as many headers, with an id of its own. */
const READ = `
const BODY = new TextEncoder().encode(JSON.stringify({ data: "p".repeat(569) })).buffer;
const HEADERS = new Headers({
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "x-request-id, etag, location, retry-after, idempotent-replayed, x-cache, ratelimit, ratelimit-policy",
  "cache-control": "public, max-age=5",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "content-type": "application/json",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "etag": 'W/"1"',
  "permissions-policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-cache": "hit",
  "x-content-type-options": "nosniff",
});
export default {
  fetch() {
    const response = new Response(BODY, { headers: HEADERS });
    response.headers.set("x-request-id", crypto.randomUUID());
    return response;
  },
};`;

interface SmallWorker {
  readonly script: string;
  readonly serviceBindings?: Record<string, { name: string; entrypoint: string }>;
  readonly durableObjects?: Record<string, { className: string; useSQLite: boolean }>;
  readonly d1Databases?: string[];
}

export const SMALL_WORKERS = {
  helloWorld: { script: HELLO },
  rpcEcho: { script: RPC_ECHO, serviceBindings: { ECHO: { name: "rpcEcho", entrypoint: "Echo" } } },
  singleWrite: { script: SINGLE_WRITE, durableObjects: { COUNTER: { className: "Counter", useSQLite: true } } },
  d1Read: { script: D1_READ, d1Databases: ["DB"] },
  d1Write: { script: D1_WRITE, d1Databases: ["DB"] },
  bareRead: { script: READ },
} satisfies Partial<Record<ReferenceName, SmallWorker>>;

export type SmallReference = keyof typeof SMALL_WORKERS;
