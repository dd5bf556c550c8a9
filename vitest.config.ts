/** One project per kind of test: pure cores in Node, each worker in workerd, the whole system served together. */
import { dirname, join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig, type TestProjectConfiguration, type UserWorkspaceConfig } from "vitest/config";
import { unstable_readConfig } from "wrangler";
import { bundleWorker, prepareWorker, type WorkerOptions } from "./scripts/bundle-workers.ts";
import { hasChromium, isContinuousIntegration } from "./scripts/lib/find-chromium.ts";
import { configPath } from "./scripts/workers.ts";
import { TEST_SECRETS } from "./test/secrets.ts";

interface ServiceSuite {
  readonly name: string;
  readonly config: string;
  /** Folder of its SQL migrations; null for workers without a database. */
  readonly migrations: string | null;
  /** Configs of the workers that it calls, and that those call. */
  readonly peers: readonly string[];
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
  "audit",
  "storefront",
  "media",
].map((peer) => `test/service/gateway/fakes/${peer}.toml`);
/** The storefront's pages are tested against peers that answer what the test prepares. */
const SHOP_PEERS = ["catalog", "inventory", "orders", "identity"].map((peer) => `test/service/storefront/fakes/${peer}.toml`);
const SHOP = [CATALOG, INVENTORY, ORDERS, PAYMENTS, SANDBOX];

const SERVICES: readonly ServiceSuite[] = [
  { name: "gateway", config: "wrangler.toml", migrations: null, peers: [...FAKE_PEERS, "workers/docs/wrangler.toml"] },
  { name: "identity", config: IDENTITY, migrations: "identity", peers: ["test/service/identity/fakes/orders.toml"] },
  { name: "catalog", config: CATALOG, migrations: "catalog", peers: ["test/service/catalog/fakes/inventory.toml"] },
  { name: "inventory", config: INVENTORY, migrations: "inventory", peers: [] },
  { name: "orders", config: ORDERS, migrations: "orders", peers: SHOP.filter((peer) => peer !== ORDERS) },
  { name: "payments", config: PAYMENTS, migrations: "payments", peers: SHOP.filter((peer) => peer !== PAYMENTS) },
  { name: "media", config: "workers/media/wrangler.toml", migrations: null, peers: [] },
  { name: "storefront", config: "workers/storefront/wrangler.toml", migrations: null, peers: SHOP_PEERS },
  { name: "payment-sandbox", config: SANDBOX, migrations: null, peers: ["test/service/payment-sandbox/fakes/receiver.toml"] },
  { name: "notifications", config: NOTIFICATIONS, migrations: "notifications", peers: [FAKE_ORDERS, FAKE_IDENTITY] },
  { name: "analytics", config: ANALYTICS, migrations: "analytics", peers: [FAKE_ORDERS, FAKE_INVENTORY] },
];

function nodeProject(name: string, more: UserWorkspaceConfig["test"] = {}): TestProjectConfiguration {
  const include = [`test/${name}/**/*.test.{ts,tsx}`];
  return { test: { name, include, environment: "node", testTimeout: 60_000, hookTimeout: 120_000, ...more } };
}

/**
 * All files share one served shop. They run after everything else, because seconds count there. Without a browser they are
 * left out, which `scripts/test.ts` says; in CI that is a failure.
 */
function browserProjects(): TestProjectConfiguration[] {
  if (!hasChromium() && !isContinuousIntegration()) return [];
  const globalSetup = ["./test/browser/global-setup.ts"];
  return [nodeProject("browser", { globalSetup, sequence: { groupOrder: 1 }, fileParallelism: false })];
}

async function serviceProject(suite: ServiceSuite): Promise<TestProjectConfiguration> {
  await prepareWorker(suite.config);
  const peers = await Promise.all(suite.peers.map((peer) => bundleWorker(peer, TEST_SECRETS)));
  const ownName = unstable_readConfig({ config: configPath(suite.config) }).name ?? suite.name;
  for (const peer of peers) pointAtRunner(peer.options, ownName, suite.name);
  const migrations = suite.migrations === null ? [] : await readD1Migrations(configPath(`migrations/${suite.migrations}`));
  const databases = await peerDatabases(suite.peers);
  return {
    plugins: [
      cloudflareTest({
        wrangler: { configPath: configPath(suite.config) },
        remoteBindings: false,
        miniflare: {
          bindings: { ...TEST_SECRETS, LOG_LEVEL: "warn", TEST_MIGRATIONS: migrations, TEST_PEER_MIGRATIONS: databases },
          d1Databases: Object.fromEntries(databases.map((database) => [database.binding, { id: database.id }])),
          workers: peers.map((peer) => peer.options),
        },
      }),
    ],
    test: {
      name: suite.name,
      include: [`test/service/${suite.name}/**/*.test.{ts,tsx}`],
      setupFiles: suite.migrations === null ? [] : ["./test/service/apply-migrations.ts"],
      testTimeout: 30_000,
    },
  };
}

/** The peers' databases, bound to the worker under test so that the setup file can migrate them. */
async function peerDatabases(peers: readonly string[]) {
  const databases: { id: string; folder: string }[] = [];
  for (const peer of peers) {
    const config = unstable_readConfig({ config: configPath(peer) });
    for (const { database_id: id, migrations_dir: folder } of config.d1_databases) {
      if (id !== undefined && folder !== undefined) databases.push({ id, folder: join(dirname(configPath(peer)), folder) });
    }
  }
  return await Promise.all(
    databases.map(async ({ id, folder }) => ({ id, binding: `PEER_DATABASE_${id}`, migrations: await readD1Migrations(folder) })),
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
const chosen = process.env["VITEST_SERVICES"]?.split(",");
const services = SERVICES.filter((suite) => chosen === undefined || chosen.includes(suite.name));

export default defineConfig({
  test: {
    projects: [
      nodeProject("unit"),
      nodeProject("architecture"),
      nodeProject("system"),
      ...browserProjects(),
      ...(await Promise.all(services.map(serviceProject))),
    ],
  },
});
