/** The API reference page and its script. Assets stay off the gateway, where they would slow every call down. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { DocsEnv } from "./env.ts";
import { app } from "./routes.ts";

export default class Docs extends WorkerEntrypoint<DocsEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx);
  }
}
