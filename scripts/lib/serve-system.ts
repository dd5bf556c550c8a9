/**
 * The whole system in one Miniflare, from the same tomls and prebuilt bundles, without the dev proxy in front: for
 * `npm run serve`, benches, load and fault tests.
 */
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleWorker, type WorkerOptions } from "../bundle-workers.ts";
import { SERVED_PARTITIONS, WORKER_CONFIGS } from "../workers.ts";
import { COLLECT_EARLY } from "./collect-early.ts";
import { carryMail } from "./mail/mail-binding.ts";
import { startMailCarrier } from "./mail/mail-carrier.ts";
import type { MailTransport } from "./mail/mail-transport.ts";
import { outboxTransport } from "./mail/outbox-transport.ts";
import type { SmtpServer } from "./mail/smtp-url.ts";
import { persistencePath } from "./migrate.ts";
import type { SourcePatch } from "./source-patches.ts";

export interface ServedSystem {
  readonly url: URL;
  readonly miniflare: Miniflare;
  readonly mails: Pick<MailTransport, "description" | "check">;
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly stateDirectory: string;
  /** Secrets and text bindings for every worker; they win over the tomls. */
  readonly variables: Readonly<Record<string, string>>;
  /** What mails leave by; without, they become files below the state. */
  readonly smtpServer?: SmtpServer;
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

async function openMailTransport({ smtpServer, stateDirectory }: ServeOptions): Promise<MailTransport> {
  if (smtpServer === undefined) return outboxTransport(join(stateDirectory, "outbox"), Date.now);
  const { smtpTransport } = await import("./mail/smtp-transport.ts");
  return smtpTransport(smtpServer);
}

/** Databases must be migrated before. */
export async function serveSystem(options: ServeOptions): Promise<ServedSystem> {
  const { services = {}, patches = [], onLog } = options;
  const variables = { PARTITIONS_PER_REGION: String(SERVED_PARTITIONS), ...options.variables };
  const bundles = await Promise.all(WORKER_CONFIGS.map((config) => bundleWorker(config, variables, { patches, compact: true })));
  const mails = await openMailTransport(options);
  const mailCarrier = await startMailCarrier(mails, Date.now);
  const workers = bundles.map((bundle, index) => ({
    ...carryMail(bundle.options, mailCarrier.address),
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
  return {
    url: await miniflare.unsafeGetDirectURL(gateway),
    miniflare,
    mails,
    async stop() {
      await miniflare.dispose();
      await mailCarrier.close();
    },
  };
}
