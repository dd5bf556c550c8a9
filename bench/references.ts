/** What the runtime itself allows on this machine, measured in the same run: every figure is read as a ratio to these. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleWorker } from "../scripts/bundle-workers.ts";
import { carryMail } from "../scripts/lib/mail/mail-binding.ts";
import { type MailCarrier, startMailCarrier } from "../scripts/lib/mail/mail-carrier.ts";
import { ok } from "../workers/shared/result.ts";
import { BARE_DRIVER, BARE_FOLLOWERS, BARE_GATEWAYS, bareWorkers, FOLLOWER_TABLES } from "./bare-shop/bare-workers.ts";
import { bundleBenchWorker } from "./bundle-bench-worker.ts";
import type { Measurement, ReferenceName } from "./figure.ts";
import { measureHttp } from "./measure.ts";
import { measureHotHolds } from "./measure-holds.ts";
import { D1_TABLE, SMALL_WORKERS, type SmallReference } from "./reference-workers.ts";
import type { Load } from "./scenario.ts";
import { measureBusy, SHOPPERS, warmSkus, withShoppers } from "./scenarios/buying.ts";
import { SECRETS } from "./secrets.ts";
import { measureCrowd, type TrafficThread } from "./traffic.ts";

/** Bare code is warm, and its crowd out of step, sooner than a shop's. */
const WARM_UP_SECONDS = 1;
const CROWD_WARM_UP_SECONDS = 2;
/** Fewer seconds have too few checkouts in them to tell a rate. */
const CROWD_SECONDS_MIN = 2;

export interface References {
  /** One round. */
  measure(name: ReferenceName, load: Pick<Load, "durationSeconds" | "isWarm">): Promise<Measurement>;
  /** Of the bare shop with everything that follows an order. */
  readonly shopUrl: string;
  stop(): Promise<void>;
}

/** All of them in one process that is idle while nothing is measured. */
export async function openReferences(connections: number): Promise<References> {
  const state = await mkdtemp(join(tmpdir(), "holdfast-reference-"));
  // Mails leave the runtime as they do in the served shop, and nobody takes them.
  const taken = async () => ok(undefined);
  const transport = { description: "nobody", check: taken, deliver: taken, close: () => {} };
  const carrier = await startMailCarrier(transport, Date.now);
  const miniflare = await serveReferences(state, carrier);
  const urlOf = async (worker: string) => String(await miniflare.unsafeGetDirectURL(worker));
  const http = async (name: SmallReference, durationSeconds: number, isWarm: boolean): Promise<Measurement> => {
    const load = { url: await urlOf(name), connections, requests: [{ path: "/" }] };
    if (!isWarm) await measureHttp({ ...load, durationSeconds: WARM_UP_SECONDS });
    return await measureHttp({ ...load, durationSeconds });
  };
  /** The crowd that buys in the shop, before a gateway that answers the same paths. */
  const shoppers = async <T>(depth: keyof typeof BARE_GATEWAYS, lines: number, use: (thread: TrafficThread) => Promise<T>) =>
    await withShoppers({ url: await urlOf(BARE_GATEWAYS[depth]) }, warmSkus(), lines, use);
  const crowd = async (depth: keyof typeof BARE_GATEWAYS, lines: number, seconds: number) =>
    await shoppers(depth, lines, (thread) =>
      measureCrowd(thread, SHOPPERS, Math.max(CROWD_SECONDS_MIN, seconds), CROWD_WARM_UP_SECONDS),
    );
  const measure: References["measure"] = async (name, { durationSeconds: seconds, isWarm }) => {
    switch (name) {
      case "bareHold":
        return await measureHotHolds(await urlOf(BARE_DRIVER), "rpc");
      case "bareCheckout":
        return await crowd("path", 1, seconds);
      case "bareCheckoutWhole":
        return await crowd("whole", 1, seconds);
      case "bareCheckoutPaid":
        return await crowd("paid", 1, seconds);
      case "bareCheckoutBusy":
        return (await shoppers("whole", 1, (thread) => measureBusy(thread, seconds))).measurement;
      case "bareCheckout10":
        return await crowd("path", 10, seconds);
      case "bareCheckoutWhole10":
        return await crowd("whole", 10, seconds);
      default:
        return await http(name, seconds, isWarm);
    }
  };
  return {
    shopUrl: await urlOf(BARE_GATEWAYS.whole),
    measure,
    async stop() {
      await miniflare.dispose();
      await carrier.close();
      await rm(state, { recursive: true, force: true });
    },
  };
}

async function serveReferences(state: string, carrier: MailCarrier): Promise<Miniflare> {
  const small = Object.entries(SMALL_WORKERS).map(([name, worker]) => ({
    name,
    modules: true as const,
    compatibilityDate: "2026-10-01",
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    ...worker,
  }));
  const shop = await bundleBenchWorker("bare-shop/worker.ts");
  const paidPayments = await bundleBenchWorker("bare-shop/paid-payments.ts");
  const driver = await bundleBenchWorker("hold-driver.ts");
  const sandbox = await bundleWorker("workers/payment-sandbox/wrangler.toml", SECRETS, { compact: true });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      resourcePersistencePath: state,
      telemetry: { enabled: false },
      workers: [
        ...small,
        ...bareWorkers({ shop, paidPayments, driver }, sandbox.options).map((worker) => carryMail(worker, carrier.address)),
      ],
    }),
  );
  await miniflare.ready;
  await (await miniflare.getD1Database("DB", "d1Read")).exec(D1_TABLE);
  for (const follower of BARE_FOLLOWERS) {
    const database = await miniflare.getD1Database("DATABASE", follower);
    for (const table of FOLLOWER_TABLES) await database.exec(table);
  }
  return miniflare;
}
