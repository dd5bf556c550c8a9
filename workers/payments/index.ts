import { WorkerEntrypoint } from "cloudflare:workers";

export default class Payments extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Payments");
  }
}
