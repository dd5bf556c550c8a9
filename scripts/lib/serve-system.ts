/**
 * The whole system in one Miniflare, from the same tomls and prebuilt bundles, without the dev proxy in front: for
 * `npm run serve`, benches, load and fault tests.
 */
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleWorker, type WorkerOptions } from "../bundle-workers.ts";
import { WORKER_CONFIGS } from "../workers.ts";
import { COLLECT_EARLY } from "./collect-early.ts";
import { persistencePath } from "./migrate.ts";
import type { SourcePatch } from "./source-patches.ts";

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
  /** Where V8's inspector listens, for profiles; none without. It costs a third of the throughput. */
  readonly inspectorPort?: number;
  /** Bound to every worker, answered by this process: for fault tests. */
  readonly services?: Readonly<Record<string, LocalService>>;
  /** For tests alone. */
  readonly patches?: readonly SourcePatch[];
  /** Gets what the workers log, in place of the console. */
  readonly onLog?: (line: string) => void;
}

export type LocalService = (request: Request) => Promise<Response>;

/** Databases must be migrated before. */
export async function serveSystem(options: ServeOptions): Promise<ServedSystem> {
  const { variables, services = {}, patches = [], onLog } = options;
  const bundles = await Promise.all(WORKER_CONFIGS.map((config) => bundleWorker(config, variables, { patches, compact: true })));
  const workers = bundles.map((bundle, index) => ({
    ...bundle.options,
    serviceBindings: { ...bundle.options.serviceBindings, ...services },
    // A direct socket skips Miniflare's entry worker: three times the requests.
    ...(index === 0 ? { unsafeDirectSockets: [{ host: options.host, port: options.port }] } : {}),
  }));
  const gateway = bundles[0]?.name;
  Object.assign(process.env, COLLECT_EARLY);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: options.host,
      port: 0,
      cf: false,
      ...(options.inspectorPort === undefined ? {} : { inspectorPort: options.inspectorPort }),
      resourcePersistencePath: persistencePath(options.stateDirectory),
      telemetry: { enabled: false },
      ...(onLog === undefined ? {} : { handleStructuredLogs: ({ message }: { message: string }) => onLog(message) }),
      workers: [...workers, ...(options.extraWorkers ?? [])],
    }),
  );
  await miniflare.ready;
  return { url: await miniflare.unsafeGetDirectURL(gateway), miniflare, stop: () => miniflare.dispose() };
}
