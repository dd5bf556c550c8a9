/**
 * The whole system in one Miniflare, from the same tomls and prebuilt bundles, without the dev proxy in front: for
 * `npm run serve`, benches, load and fault tests.
 */
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleWorker, type WorkerOptions } from "../bundle-workers.ts";
import { WORKER_CONFIGS } from "../workers.ts";
import { persistencePath } from "./migrate.ts";

export interface ServedSystem {
  readonly url: URL;
  readonly miniflare: Miniflare;
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly stateDirectory: string;
  /** Secrets and text bindings for every worker; they win over the tomls. */
  readonly variables: Readonly<Record<string, string>>;
  /** Workers beside the system, such as a bench's driver. */
  readonly extraWorkers?: readonly WorkerOptions[];
}

/** Databases must be migrated before. */
export async function serveSystem(options: ServeOptions): Promise<ServedSystem> {
  const bundles = await Promise.all(WORKER_CONFIGS.map((config) => bundleWorker(config, options.variables)));
  const workers = bundles.map((bundle, index) =>
    // A direct socket skips Miniflare's entry worker: three times the requests.
    index === 0 ? { ...bundle.options, unsafeDirectSockets: [{ host: options.host, port: options.port }] } : bundle.options,
  );
  const gateway = bundles[0]?.name;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: options.host,
      port: 0,
      cf: false,
      resourcePersistencePath: persistencePath(options.stateDirectory),
      telemetry: { enabled: false },
      workers: [...workers, ...(options.extraWorkers ?? [])],
    }),
  );
  await miniflare.ready;
  return { url: await miniflare.unsafeGetDirectURL(gateway), miniflare, stop: () => miniflare.dispose() };
}
