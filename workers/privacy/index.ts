/** The privacy worker: a person's copy of their data, and its erasure, across every service that keeps some. */
import { WorkerEntrypoint } from "cloudflare:workers";
import { systemClock } from "../shared/clock.ts";
import type { Env } from "./env.ts";
import { removeOld } from "./remove-old.ts";
import { app } from "./routes.ts";

export default class Privacy extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }

  override async scheduled(): Promise<void> {
    await removeOld(this.env.DATABASE, systemClock.now());
  }
}

export { PrivacyRun } from "../../durable-objects/privacy-run/index.ts";
