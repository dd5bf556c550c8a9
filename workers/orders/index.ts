import { WorkerEntrypoint } from "cloudflare:workers";

export default class Orders extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Orders");
  }
}
export { CheckoutPartition } from "../../durable-objects/checkout-partition/index.ts";
