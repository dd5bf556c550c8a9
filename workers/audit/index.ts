/** The audit worker: reads every store through its owner and checks the invariants; has projections rebuilt. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Env } from "./env.ts";
import { app } from "./routes.ts";

export default class Audit extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }
}

export { AuditRun } from "../../durable-objects/audit-run/index.ts";
