/** A served shop with a generated catalogue, and a guest who buys in it: the fixture of every scenario. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateAll } from "../scripts/lib/migrate.ts";
import { waitUntilHealthy } from "../scripts/lib/readiness.ts";
import { serveSystem } from "../scripts/lib/serve-system.ts";
import { ShopClient } from "../scripts/replay/shop-client.ts";
import { bundleBenchWorker } from "./bundle-bench-worker.ts";
import { SECRETS } from "./secrets.ts";

export const PRODUCT_COUNT = 1_000;
export const CONTEST_STOCK = 100;
const CONTESTS_MAX = 20;
const WORDS = ["anchor", "brass", "canvas", "drift", "ember", "fathom", "gale", "harbour", "island", "jetty"];
const IMPORT_DEADLINE_MS = 120_000;

export interface Shop {
  readonly url: string;
  readonly driverUrl: string;
  /** Where its objects and databases are. */
  readonly stateDirectory: string;
  readonly client: ShopClient;
  /** One of {@link CONTEST_STOCK} units, another each time: a contest sells it out. */
  takeContestSku(): string;
  stop(): Promise<void>;
}

interface Instruments {
  readonly inspectorPort?: number;
  /** Gets every line that the shop logs; what callers do not ask to be left out is traced then. */
  readonly onLog?: (line: string) => void;
}

export async function openShop({ inspectorPort, onLog }: Instruments = {}): Promise<Shop> {
  const stateDirectory = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
  await migrateAll(stateDirectory);
  const system = await serveSystem({
    host: "127.0.0.1",
    port: 0,
    stateDirectory,
    variables: { ...SECRETS, LOG_LEVEL: "warn", TRACE_SAMPLE: onLog === undefined ? "0" : "1" },
    ...(onLog === undefined ? {} : { onLog }),
    ...(inspectorPort === undefined ? {} : { inspectorPort }),
    extraWorkers: [
      {
        name: "holdfast-bench-driver",
        modules: true,
        script: await bundleBenchWorker("hold-driver.ts"),
        compatibilityDate: "2026-10-01",
        compatibilityFlags: ["nodejs_compat"],
        serviceBindings: { INVENTORY: { name: "holdfast-inventory" } },
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      },
    ],
  });
  const url = String(system.url).replace(/\/$/, "");
  await waitUntilHealthy(url);
  const client = new ShopClient(url, SECRETS.ADMIN_API_KEY);
  await importProducts(client);
  let contests = 0;
  return {
    url,
    driverUrl: String(await system.miniflare.unsafeGetDirectURL("holdfast-bench-driver")),
    stateDirectory,
    client,
    takeContestSku() {
      if (contests === CONTESTS_MAX) throw new Error(`the bench's shop has stock for ${CONTESTS_MAX} contests only`);
      return contestSku(contests++);
    },
    async stop() {
      await system.stop();
      await rm(stateDirectory, { recursive: true, force: true });
    },
  };
}

export function benchSku(index: number): string {
  return `BENCH-${index % PRODUCT_COUNT}`;
}

function contestSku(index: number): string {
  return `CONTEST-${index}`;
}

/** The catalogue of every scenario. Waits until it is in. */
export async function importProducts(client: ShopClient): Promise<void> {
  const lines = ["Handle,Title,Body (HTML),Type,Variant SKU,Variant Inventory Qty,Variant Price,Status"];
  for (let index = 0; index < PRODUCT_COUNT; index++) {
    const first = WORDS[index % 10] ?? "";
    const second = WORDS[Math.floor(index / 10) % 10] ?? "";
    lines.push(
      `bench-${index},${first} ${second} ${index},<p>A ${second} thing number ${index}.</p>,${first},BENCH-${index},1000000,9.99,active`,
    );
  }
  lines.push("hot,Hot item,,contest,HOT,1000000,9.99,active");
  for (let index = 0; index < CONTESTS_MAX; index++)
    lines.push(`contest-${index},Contest item,,contest,${contestSku(index)},${CONTEST_STOCK},9.99,active`);
  const { id } = await client.admin<{ id: string }>("POST", "/v1/admin/imports", {
    headers: { "content-type": "text/csv" },
    body: `${lines.join("\n")}\n`,
  });
  const deadline = Date.now() + IMPORT_DEADLINE_MS;
  for (;;) {
    const status = await client.admin<{ status: string; refused: unknown[] }>("GET", `/v1/admin/imports/${id}`);
    if (status.status === "completed" && status.refused.length === 0) return;
    if (status.status !== "running" && status.status !== "queued") throw new Error(`bench import: ${JSON.stringify(status)}`);
    if (Date.now() > deadline) throw new Error("bench import takes too long");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
