/** `npm run serve` on a shop that exists, from the start of its process to the first order. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../scripts/lib/free-port.ts";
import { parseVariables } from "../../scripts/lib/secrets.ts";
import { ShopClient } from "../../scripts/replay/shop-client.ts";
import { ROOT } from "../../scripts/workers.ts";
import { median } from "../figure.ts";
import { untilIdle } from "../process-usage.ts";
import type { Scenario } from "../scenario.ts";
import { importProducts, PRODUCT_COUNT } from "../shop.ts";
import { Visitors } from "../visit.ts";

const DEADLINE_MS = 60_000;
const POLL_INTERVAL_MS = 10;
const STARTS = 3;
/** Longer than a queue waits for a batch to fill. */
const IDLE_WINDOW_MS = 2_000;

interface Place {
  readonly folder: string;
  readonly port: number;
}

function serve({ folder, port }: Place): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(ROOT, "scripts/serve.ts")], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      PORT: String(port),
      HOLDFAST_STATE: join(folder, "state"),
      HOLDFAST_SECRETS: join(folder, "secrets"),
    },
  });
}

async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  if (child.exitCode === null) await once(child, "exit");
}

/** As soon as anything answers; a shopper tries again. */
async function firstOrder(port: number): Promise<void> {
  const visitors = new Visitors(`http://127.0.0.1:${port}`);
  for (const endsAt = performance.now() + DEADLINE_MS; performance.now() < endsAt; ) {
    const visit = await visitors.visit(`BENCH-${PRODUCT_COUNT - 1}`);
    if (visit.kind === "bought") return visitors.close();
    await delay(POLL_INTERVAL_MS);
  }
  throw new Error("no order could be placed after a cold start");
}

export const coldStart: Scenario = {
  title: "Cold start to the first order",
  unit: "starts",
  reference: "helloWorld",
  bar: { of: "p99Ms", atMost: 5_000 },
  rounds: "last",
  quick: false,
  async run() {
    const place = { folder: await mkdtemp(join(tmpdir(), "holdfast-cold-")), port: await freePort() };
    let child = serve(place);
    try {
      await stocked(place);
      // What followed the orders of the scenarios before is no part of a start.
      const isIdle = await untilIdle(DEADLINE_MS, IDLE_WINDOW_MS);
      const tookMs: number[] = [];
      for (let start = 0; start < STARTS; start++) {
        await end(child);
        const startedAt = performance.now();
        child = serve(place);
        await firstOrder(place.port);
        tookMs.push(performance.now() - startedAt);
      }
      const p50Ms = median(tookMs);
      return {
        measurement: { perSecond: 1000 / p50Ms, p50Ms, p99Ms: Math.max(...tookMs), failures: 0 },
        note: `${STARTS} starts, beside the ${isIdle ? "idle" : "busy"} shop`,
      };
    } finally {
      await end(child);
      await rm(place.folder, { recursive: true, force: true });
    }
  },
};

async function stocked({ folder, port }: Place): Promise<void> {
  const url = `http://127.0.0.1:${port}`;
  for (const endsAt = performance.now() + DEADLINE_MS; performance.now() < endsAt; await delay(POLL_INTERVAL_MS)) {
    const health = await fetch(`${url}/healthz`).catch(() => null);
    await health?.body?.cancel();
    if (health?.ok !== true) continue;
    const secrets = parseVariables(await readFile(join(folder, "secrets"), "utf8"));
    return await importProducts(new ShopClient(url, secrets["ADMIN_API_KEY"] ?? ""));
  }
  throw new Error("npm run serve did not become healthy");
}
