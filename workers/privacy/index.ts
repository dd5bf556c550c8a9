/** The privacy worker: a person's copy of their data, and its erasure, across every service that keeps some. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Env } from "./env.ts";
import { app } from "./routes.ts";

export default class Privacy extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }
}

export { PrivacyRun } from "../../durable-objects/privacy-run/index.ts";
