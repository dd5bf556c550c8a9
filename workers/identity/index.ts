import { WorkerEntrypoint } from "cloudflare:workers";

export default class Identity extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Identity");
  }
}
