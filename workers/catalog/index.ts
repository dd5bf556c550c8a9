import { WorkerEntrypoint } from "cloudflare:workers";

export default class Catalog extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("Catalog");
  }
}
export { ImportRun } from "../../durable-objects/import-run/index.ts";
