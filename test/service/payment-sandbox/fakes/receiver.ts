/** Keeps what it is sent; `GET` gives it out, `PUT` sets the status of the next answers, `DELETE` empties it. */
import { WorkerEntrypoint } from "cloudflare:workers";

export interface ReceivedWebhook {
  readonly path: string;
  readonly signature: string;
  readonly body: string;
}

let received: ReceivedWebhook[] = [];
let status = 200;

// biome-ignore lint/style/noDefaultExport: the runtime looks for it
export default class Receiver extends WorkerEntrypoint {
  override async fetch(request: Request): Promise<Response> {
    if (request.method === "GET") return Response.json(received);
    if (request.method === "PUT") status = Number(await request.text());
    if (request.method === "DELETE") {
      received = [];
      status = 200;
    }
    if (request.method !== "POST") return new Response(null, { status: 204 });
    received.push({
      path: new URL(request.url).pathname,
      signature: request.headers.get("stripe-signature") ?? "",
      body: await request.text(),
    });
    return new Response(null, { status });
  }
}
