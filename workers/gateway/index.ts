/** The only worker with a public route. */
import { WorkerEntrypoint } from "cloudflare:workers";
import { createGateway } from "./app.ts";
import { configuration } from "./configuration.ts";
import type { GatewayEnv } from "./env.ts";

const handle = createGateway(configuration);

export default class Gateway extends WorkerEntrypoint<GatewayEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return handle(request, this.env, this.ctx);
  }
}

export { IdempotencyKeys } from "../../durable-objects/idempotency-keys/index.ts";
