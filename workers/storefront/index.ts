/** The web shop: server-rendered pages behind the gateway. It owns no data. */
import { WorkerEntrypoint } from "cloudflare:workers";
import { contextFromHeaders, isSampled } from "../shared/telemetry.ts";
import { serveSpan } from "../shared/trace.ts";
import type { StorefrontEnv } from "./env.ts";
import { app } from "./routes.ts";

export default class Storefront extends WorkerEntrypoint<StorefrontEnv> {
  override async fetch(request: Request): Promise<Response> {
    const context = contextFromHeaders(request.headers);
    if (!isSampled(context.traceparent)) return await app.fetch(request, this.env, this.ctx);
    const place = { service: "storefront", hop: "service", name: `${request.method} page` } as const;
    return await serveSpan(place, context, async () => await app.fetch(request, this.env, this.ctx));
  }
}
