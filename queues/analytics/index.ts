import { WorkerEntrypoint } from "cloudflare:workers";

export default class Analytics extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Analytics");
  }
}
