/** The only worker with a public route. */
import { createGateway } from "./app.ts";
import { configuration } from "./configuration.ts";
import type { GatewayEnv } from "./env.ts";

/** A plain handler: nothing calls the gateway by RPC, and an object for each request costs a twentieth of a warm read. */
export default { fetch: createGateway(configuration) } satisfies ExportedHandler<GatewayEnv>;

export { IdempotencyKeys } from "../../durable-objects/idempotency-keys/index.ts";
