import { WorkerEntrypoint } from "cloudflare:workers";

export default class Notifications extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Notifications");
  }
}
