/** The web shop: server-rendered pages behind the gateway. It owns no data. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { StorefrontEnv } from "./env.ts";
import { app } from "./routes.ts";

export default class Storefront extends WorkerEntrypoint<StorefrontEnv> {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }
}
