import { WorkerEntrypoint } from "cloudflare:workers";

export default class PaymentSandbox extends WorkerEntrypoint<object> {
  override async fetch(): Promise<Response> {
    return new Response("PaymentSandbox");
  }
}
export { SandboxAccount } from "../../durable-objects/sandbox-account/index.ts";
