import { WorkerEntrypoint } from "cloudflare:workers";

export default class Audit extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Audit");
  }
}
