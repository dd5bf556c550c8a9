import { WorkerEntrypoint } from "cloudflare:workers";

export default class Gateway extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Gateway");
  }
}
export { IdempotencyKeys } from "../../durable-objects/idempotency-keys/index.ts";
