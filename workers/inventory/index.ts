import { WorkerEntrypoint } from "cloudflare:workers";

export default class Inventory extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Inventory");
  }
}
export { SkuStock } from "../../durable-objects/sku-stock/index.ts";
