/** Bindings of the payment sandbox. Kept equal to wrangler.toml by hand. */
import type { SandboxAccount } from "../../durable-objects/sandbox-account/index.ts";

export interface Env {
  readonly SANDBOX_ACCOUNT: DurableObjectNamespace<SandboxAccount>;
  readonly WEBHOOK_RECEIVER: Fetcher;
  readonly PUBLIC_URL: string;
  readonly STRIPE_API_KEY: string;
  readonly STRIPE_WEBHOOK_SECRET: string;
}
