/**
 * A stand-in for Stripe, wire-compatible with its SDK: PaymentIntents, refunds, idempotency, test cards, 3-D Secure pages
 * and signed webhooks. For local runs and CI; production talks to the provider itself.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { configuration } from "./configuration.ts";
import type { Env } from "./env.ts";
import { accountOf, sandboxRoutes } from "./routes.ts";
import { serveApi } from "./serve-api.ts";

export { SandboxAccount } from "../../durable-objects/sandbox-account/index.ts";

const app = sandboxRoutes(configuration.STRIPE_API_KEY);

export default class PaymentSandbox extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.startsWith("/v1/")) {
      return await serveApi(request, accountOf(this.env), configuration.STRIPE_API_KEY);
    }
    return await app.fetch(request, this.env, this.ctx);
  }
}
