/** What the runtime itself allows on this machine, measured in the same run: every figure is read as a ratio to these. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { type Measurement, measureHttp } from "./measure.ts";

const HELLO = `export default { fetch: () => new Response("hello world") };`;

const SINGLE_WRITE = `
import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  constructor(ctx, env) { super(ctx, env); ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT"); }
  add() { this.ctx.storage.sql.exec("INSERT INTO counter (id, n) VALUES (1, 1) ON CONFLICT DO UPDATE SET n = n + 1"); return 1; }
}
export default { fetch: async (_, env) => { await env.COUNTER.getByName("one").add(); return new Response("ok"); } };`;

export interface References {
  readonly helloWorld: Measurement;
  readonly singleWrite: Measurement;
}

export async function measureReferences(connections: number, durationSeconds: number): Promise<References> {
  return {
    helloWorld: await measureWorker(HELLO, connections, durationSeconds),
    singleWrite: await measureWorker(SINGLE_WRITE, connections, durationSeconds),
  };
}

async function measureWorker(script: string, connections: number, durationSeconds: number): Promise<Measurement> {
  const state = await mkdtemp(join(tmpdir(), "holdfast-reference-"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      resourcePersistencePath: state,
      telemetry: { enabled: false },
      workers: [
        {
          name: "reference",
          modules: true,
          script,
          compatibilityDate: "2026-10-01",
          ...(script === SINGLE_WRITE ? { durableObjects: { COUNTER: { className: "Counter", useSQLite: true } } } : {}),
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        },
      ],
    }),
  );
  try {
    await miniflare.ready;
    const url = String(await miniflare.unsafeGetDirectURL("reference"));
    const load = { url, connections, requests: [{ path: "/" }] };
    await measureHttp({ ...load, durationSeconds: 1 });
    return await measureHttp({ ...load, durationSeconds });
  } finally {
    await miniflare.dispose();
    await rm(state, { recursive: true, force: true });
  }
}
