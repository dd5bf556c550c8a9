/** What the runtime itself allows on this machine, measured in the same run: every figure is read as a ratio to these. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { type Measurement, REFERENCE_NAMES, type ReferenceName } from "./figure.ts";
import { measureHttp } from "./measure.ts";

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

const D1_TABLE = "CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT";
const D1_READ = `
export default { fetch: async (_, env) => { const row = await env.DB.prepare("SELECT n FROM counter WHERE id = ?").bind(1).first(); return new Response(String(row?.n)); } };`;
const D1_WRITE = `
export default { fetch: async (_, env) => { await env.DB.prepare("INSERT INTO counter (id, n) VALUES (1, 1) ON CONFLICT DO UPDATE SET n = n + 1").run(); return new Response("ok"); } };`;

interface ReferenceWorker {
  readonly script: string;
  readonly serviceBindings?: Record<string, { name: string; entrypoint: string }>;
  readonly durableObjects?: Record<string, { className: string; useSQLite: boolean }>;
  readonly d1Databases?: string[];
}

const WORKERS: Readonly<Record<ReferenceName, ReferenceWorker>> = {
  helloWorld: { script: HELLO },
  rpcEcho: { script: RPC_ECHO, serviceBindings: { ECHO: { name: "rpcEcho", entrypoint: "Echo" } } },
  singleWrite: { script: SINGLE_WRITE, durableObjects: { COUNTER: { className: "Counter", useSQLite: true } } },
  d1Read: { script: D1_READ, d1Databases: ["DB"] },
  d1Write: { script: D1_WRITE, d1Databases: ["DB"] },
};

export interface References {
  /** One round of each. */
  measure(durationSeconds: number): Promise<Readonly<Record<ReferenceName, Measurement>>>;
  stop(): Promise<void>;
}

/** All of them in one process that is idle while nothing is measured. */
export async function openReferences(connections: number): Promise<References> {
  const state = await mkdtemp(join(tmpdir(), "holdfast-reference-"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      resourcePersistencePath: state,
      telemetry: { enabled: false },
      workers: REFERENCE_NAMES.map((name) => ({
        name,
        modules: true as const,
        compatibilityDate: "2026-10-01",
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        ...WORKERS[name],
      })),
    }),
  );
  await miniflare.ready;
  const database = await miniflare.getD1Database("DB", "d1Read");
  await database.exec(D1_TABLE);
  const measureOne = async (name: ReferenceName, durationSeconds: number): Promise<Measurement> => {
    const load = { url: String(await miniflare.unsafeGetDirectURL(name)), connections, requests: [{ path: "/" }] };
    await measureHttp({ ...load, durationSeconds: 1 });
    return await measureHttp({ ...load, durationSeconds });
  };
  return {
    async measure(durationSeconds) {
      const rounds: [ReferenceName, Measurement][] = [];
      for (const name of REFERENCE_NAMES) rounds.push([name, await measureOne(name, durationSeconds)]);
      return Object.fromEntries(rounds) as Record<ReferenceName, Measurement>;
    },
    async stop() {
      await miniflare.dispose();
      await rm(state, { recursive: true, force: true });
    },
  };
}
