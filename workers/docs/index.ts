import { WorkerEntrypoint } from "cloudflare:workers";

export default class Docs extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Docs");
  }
}
