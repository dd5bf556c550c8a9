/**
 * The payment provider in a process of its own, as in life: what it computes and stores is not the shop's. It is reached by
 * HTTP, and sends its webhooks to the shop's public address.
 */
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleWorker } from "../scripts/bundle-workers.ts";
import { reachElsewhere } from "../scripts/lib/serve-system.ts";
import { freePort } from "./free-port.ts";

const HOST = "127.0.0.1";
const CONFIG = "workers/payment-sandbox/wrangler.toml";
const WEBHOOK_RECEIVER = "holdfast-payments";

export interface Provider {
  readonly worker: string;
  /** `host:port`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** @param shopAddress `host:port` of the gateway, which may start later. */
export async function openProvider(
  shopAddress: string,
  stateDirectory: string,
  variables: Readonly<Record<string, string>>,
): Promise<Provider> {
  const { name, options } = await bundleWorker(CONFIG, variables);
  const port = await freePort();
  const worker = {
    ...options,
    serviceBindings: reachElsewhere(options.serviceBindings, { [WEBHOOK_RECEIVER]: shopAddress }),
    unsafeDirectSockets: [{ host: HOST, port }],
  };
  const resourcePersistencePath = join(stateDirectory, "provider");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ cf: false, telemetry: { enabled: false }, resourcePersistencePath, workers: [worker] }),
  );
  await miniflare.ready;
  return { worker: name, address: `${HOST}:${port}`, stop: () => miniflare.dispose() };
}
