/** One project per kind of test: pure cores in Node, each worker in workerd, the whole system served together. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig, type TestProjectConfiguration, type UserWorkspaceConfig } from "vitest/config";
import { unstable_readConfig } from "wrangler";
import { bundleWorker, prepareWorker, type WorkerOptions } from "./scripts/bundle-workers.ts";
import { hasChromium, isContinuousIntegration } from "./scripts/lib/find-chromium.ts";
import { viteSourcePatches } from "./scripts/lib/source-patches.ts";
import { FAULT_PROJECTS } from "./scripts/vitest-run/project-of-file.ts";
import { configPath } from "./scripts/workers.ts";
import { readFaultRun } from "./test/faults/read-fault-run.ts";
import { seededPatches } from "./test/faults/seeded-bugs.ts";
import { TEST_SECRETS } from "./test/secrets.ts";

interface ServiceSuite {
  readonly name: string;
  readonly config: string;
  /** Where its tests are, if not in `test/service/<name>/`. */
  readonly folder?: string;
  /** Configs of the workers that it calls, and that those call. */
  readonly peers: readonly string[];
  /** What runs outside of workerd beside the tests. */
  readonly globalSetup?: string;
  /**
   * Each file gets a workerd of its own, because it needs empty stores, or caches and breakers as they are at the start.
   * Elsewhere the files share one, which saves a second a file, and use ids of their own.
   */
  readonly isolate?: true;
}

const SANDBOX = "workers/payment-sandbox/wrangler.toml";
const ORDERS = "workers/orders/wrangler.toml";
const CATALOG = "workers/catalog/wrangler.toml";
const INVENTORY = "workers/inventory/wrangler.toml";
const PAYMENTS = "workers/payments/wrangler.toml";
const NOTIFICATIONS = "queues/notifications/wrangler.toml";
const ANALYTICS = "queues/analytics/wrangler.toml";
const IDENTITY = "workers/identity/wrangler.toml";
/** Followers are tested against an owner whose log the test writes. */
const FAKE_ORDERS = "test/service/notifications/fakes/orders.toml";
const FAKE_IDENTITY = "test/service/notifications/fakes/identity.toml";
const FAKE_INVENTORY = "test/service/analytics/fakes/inventory.toml";
/** The gateway is tested against peers that do what the test says. */
const FAKE_PEERS = [
  "identity",
  "catalog",
  "inventory",
  "orders",
  "payments",
  "payment-sandbox",
  "notifications",
  "analytics",
  "dead-letters",
  "audit",
  "privacy",
  "storefront",
  "media",
].map((peer) => `test/service/gateway/fakes/${peer}.toml`);
/** The storefront's pages are tested against peers that answer what the test prepares. */
const SHOP_PEERS = ["catalog", "inventory", "orders", "identity", "privacy"].map(
  (peer) => `test/service/storefront/fakes/${peer}.toml`,
);
const SHOP = [CATALOG, INVENTORY, ORDERS, PAYMENTS, SANDBOX];

const SERVICES: readonly ServiceSuite[] = [
  {
    name: "gateway",
    config: "wrangler.toml",
    peers: [...FAKE_PEERS, "workers/docs/wrangler.toml"],
    globalSetup: "./test/service/gateway/legacy-origin.ts",
    isolate: true,
  },
  { name: "identity", config: IDENTITY, peers: ["test/service/identity/fakes/orders.toml"], isolate: true },
  { name: "catalog", config: CATALOG, peers: ["test/service/catalog/fakes/inventory.toml"], isolate: true },
  { name: "inventory", config: INVENTORY, peers: [] },
  { name: "orders", config: ORDERS, peers: SHOP.filter((peer) => peer !== ORDERS) },
  { name: "payments", config: PAYMENTS, peers: SHOP.filter((peer) => peer !== PAYMENTS) },
  { name: "media", config: "workers/media/wrangler.toml", peers: [] },
  { name: "storefront", config: "workers/storefront/wrangler.toml", peers: SHOP_PEERS },
  { name: "payment-sandbox", config: SANDBOX, peers: ["test/service/payment-sandbox/fakes/receiver.toml"], isolate: true },
  { name: "notifications", config: NOTIFICATIONS, peers: [FAKE_ORDERS, FAKE_IDENTITY] },
  { name: "analytics", config: ANALYTICS, peers: [FAKE_ORDERS, FAKE_INVENTORY] },
  { name: "dead-letters", config: "queues/dead-letters/wrangler.toml", peers: [] },
];

/** Every service of the shop in one isolate, where a test can come between any two of them. */
const RIGGED_FOLDER = "shop";
const FAULTS_RIG = "test/faults/rig/wrangler.toml";
const RIGGED: readonly ServiceSuite[] = existsSync(configPath(FAULTS_RIG))
  ? [{ name: "faults-shop", config: FAULTS_RIG, folder: `test/faults/${RIGGED_FOLDER}`, peers: [], isolate: true }]
  : [];

/** `HOLDFAST_SEEDED_BUG=<name>` breaks the code under test, in this process and its workers alone. */
const patches = seededPatches(process.env);

/** A project that extends this file evaluates it once more, and bundles every worker with it. */
const APART = { extends: false } as const;
/** A file waits for workerd, for a timer or for a disk more than it computes: two cores are half idle with two files at a time. */
const WORKERS = { maxWorkers: Math.ceil(1.5 * availableParallelism()) };
/** Seconds count where a whole system is served: a core for each file, after the others. */
const WHOLE_SYSTEM = { maxWorkers: "100%", sequence: { groupOrder: 1 } } as const;

/** Files share a process, with what it has loaded and bundled. */
function nodeProject(name: string, more: UserWorkspaceConfig["test"] = {}): TestProjectConfiguration {
  const include = [`test/${name}/**/*.test.{ts,tsx}`];
  return {
    ...APART,
    plugins: [viteSourcePatches(patches)],
    test: { name, include, environment: "node", isolate: false, ...WORKERS, testTimeout: 60_000, hookTimeout: 120_000, ...more },
  };
}

/**
 * The files share one served shop. One by one run those that count seconds closely or switch something of the whole
 * shop. Without a browser they are left out, which `scripts/test.ts` says; in CI that is a failure.
 */
function browserProjects(): TestProjectConfiguration[] {
  if (!hasChromium() && !isContinuousIntegration()) return [];
  const globalSetup = ["./test/browser/global-setup.ts"];
  return [
    nodeProject("browser", { globalSetup, ...WHOLE_SYSTEM }),
    nodeProject("browser-alone", { globalSetup, sequence: { groupOrder: 2 }, fileParallelism: false }),
  ];
}

const faults = readFaultRun(process.env);
if (faults.size === "full") console.log(`Fault suites at full size, share ${faults.share}, HOLDFAST_SEED=${faults.seed}`);
/** A full run's part of a row takes as long as it takes. */
const faultTimeout = faults.size === "full" ? { testTimeout: 6 * 60 * 60_000 } : {};

/** The other fault suites. What is served under load is measured last, with the machine to itself. */
function faultProjects(): TestProjectConfiguration[] {
  const last = { sequence: { groupOrder: 3 } };
  return Object.entries(FAULT_PROJECTS)
    .filter(([folder, name]) => folder !== RIGGED_FOLDER && isChosen(name))
    .map(([folder, name]) =>
      nodeProject(name, {
        include: [`test/faults/${folder}/**/*.test.ts`],
        ...(name === "faults-load" ? last : {}),
        ...faultTimeout,
      }),
    );
}

async function serviceProject(suite: ServiceSuite): Promise<TestProjectConfiguration> {
  await prepareWorker(suite.config);
  const peers = await Promise.all(suite.peers.map((peer) => bundleWorker(peer, TEST_SECRETS, { patches, compact: true })));
  const ownName = unstable_readConfig({ config: configPath(suite.config) }).name ?? suite.name;
  for (const peer of peers) pointAtRunner(peer.options, ownName, suite.name);
  const own = await databasesOf([suite.config]);
  const others = (await databasesOf(suite.peers)).map((database) => ({ ...database, binding: `PEER_DATABASE_${database.id}` }));
  const databases = [...own, ...others];
  return {
    ...APART,
    plugins: [
      viteSourcePatches(patches),
      cloudflareTest({
        wrangler: { configPath: configPath(suite.config) },
        remoteBindings: false,
        miniflare: {
          bindings: { ...TEST_SECRETS, LOG_LEVEL: "warn", TEST_DATABASES: databases },
          // Bound to the worker under test so that the setup file can migrate them.
          d1Databases: Object.fromEntries(others.map((database) => [database.binding, { id: database.id }])),
          workers: peers.map((peer) => peer.options),
        },
      }),
    ],
    test: {
      name: suite.name,
      include: [`${suite.folder ?? `test/service/${suite.name}`}/**/*.test.{ts,tsx}`],
      ...(suite.globalSetup === undefined ? {} : { globalSetup: suite.globalSetup }),
      isolate: suite.isolate ?? false,
      ...WORKERS,
      setupFiles: databases.length === 0 ? [] : ["./test/service/apply-migrations.ts"],
      testTimeout: 30_000,
      ...(RIGGED.includes(suite) ? faultTimeout : {}),
    },
  };
}

async function databasesOf(configs: readonly string[]) {
  const databases: { binding: string; id: string; folder: string }[] = [];
  for (const config of configs) {
    for (const { binding, database_id: id, migrations_dir: folder } of unstable_readConfig({ config: configPath(config) })
      .d1_databases) {
      if (id !== undefined && folder !== undefined)
        databases.push({ binding, id, folder: join(dirname(configPath(config)), folder) });
    }
  }
  return await Promise.all(
    databases.map(async ({ binding, id, folder }) => ({ binding, id, migrations: await readD1Migrations(folder) })),
  );
}

/** The pool runs the worker under test by another name: peers that call it back must find it. */
function pointAtRunner(options: WorkerOptions, ownName: string, project: string): void {
  for (const binding of Object.values(options.serviceBindings ?? {})) {
    if (typeof binding === "object" && "name" in binding && binding.name === ownName)
      binding.name = `vitest-plugin-runner-${project}`;
  }
}

/** `VITEST_SERVICES=inventory,orders` builds only those suites: a quicker start while working on one. */
function isChosen(name: string): boolean {
  return process.env["VITEST_SERVICES"]?.split(",").includes(name) ?? true;
}

const services = [...SERVICES, ...RIGGED].filter((suite) => isChosen(suite.name));

export default defineConfig({
  test: {
    provide: { faults },
    ...WORKERS,
    projects: [
      nodeProject("unit", { setupFiles: ["./test/unit/forget-breakers.ts"] }),
      nodeProject("architecture"),
      nodeProject("system", WHOLE_SYSTEM),
      nodeProject("security", { globalSetup: ["./test/security/global-setup.ts"] }),
      ...browserProjects(),
      ...faultProjects(),
      ...(await Promise.all(services.map(serviceProject))),
    ],
  },
});
