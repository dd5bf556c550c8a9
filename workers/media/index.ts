/** The media worker: the shop's pictures, taken in from operators and shown to everyone in the width that they need. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Env } from "./env.ts";
import { app } from "./routes.ts";

export default class Media extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }
}
