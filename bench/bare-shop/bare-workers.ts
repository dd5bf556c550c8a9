/** How the bare shop's workers are bound to each other: the same services and stores apart as in the shop. Pure. */
import type { WorkerOptions } from "../../scripts/bundle-workers.ts";
import { SERVED_PARTITIONS } from "../../scripts/workers.ts";
import { SECRETS } from "../secrets.ts";
import type { Depth } from "./shapes.ts";

const COMPATIBILITY_DATE = "2026-10-01";
const FOLLOWERS = ["ledger", "projection", "notifications", "analytics"] as const;
/** As the shop's followers ask for. */
const CONSUMER = { maxBatchSize: 100, maxBatchTimeout: 1 };
/** For each follower's own database. */
export const FOLLOWER_TABLES = [
  "CREATE TABLE followed (source TEXT NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (source, sequence)) STRICT",
  "CREATE TABLE cursor (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT",
] as const;
/** Shoppers come in by one of them, depending on whether what follows an order is wanted too. */
export const BARE_GATEWAYS = {
  path: "bare-gateway-path",
  whole: "bare-gateway-whole",
  paid: "bare-gateway-paid",
} as const satisfies Readonly<Record<Depth, string>>;
export const BARE_DRIVER = "bare-hold-driver";
export const BARE_FOLLOWERS = FOLLOWERS.map((name) => `bare-${name}`);

interface BareScripts {
  /** Bundled `worker.ts`. */
  readonly shop: string;
  /** Bundled `paid-payments.ts`. */
  readonly paidPayments: string;
  /** Bundled `hold-driver.ts`: the very one that drives the shop. */
  readonly driver: string;
}

/** @param sandbox the shop's own, as it is served there */
export function bareWorkers({ shop, paidPayments, driver }: BareScripts, sandbox: WorkerOptions): readonly WorkerOptions[] {
  const worker = (name: string, options: Omit<WorkerOptions, "script" | "modules"> = {}): WorkerOptions => ({
    name,
    modules: true,
    script: shop,
    compatibilityDate: COMPATIBILITY_DATE,
    ...options,
  });
  const to = (service: string, entrypoint: string) => ({ name: service, entrypoint });
  const object = (className: string) => ({ className, useSQLite: true });
  const direct = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };
  const queues = Object.fromEntries(FOLLOWERS.map((name) => [name.toUpperCase(), { queueName: queueOf(name) }]));
  const gateways = Object.entries(BARE_GATEWAYS).map(([depth, name]) =>
    worker(name, { ...direct, bindings: { DEPTH: depth }, serviceBindings: { ORDERS: to("bare-orders", "BareOrders") } }),
  );
  const followers = FOLLOWERS.map((name) =>
    worker(`bare-${name}`, {
      d1Databases: { DATABASE: { id: `bare-${name}` } },
      queueConsumers: { [queueOf(name)]: CONSUMER },
      ...(name === "notifications" ? { email: { send_email: [{ name: "MAIL" }] } } : {}),
    }),
  );
  return [
    ...gateways,
    worker("bare-orders", {
      bindings: { PARTITIONS: SERVED_PARTITIONS },
      serviceBindings: {
        CATALOG: to("bare-catalog", "BareCatalog"),
        INVENTORY: to("bare-inventory", "BareInventory"),
        PAYMENTS: to("bare-payments", "BarePayments"),
        PAID_PAYMENTS: to("bare-paid-payments", "PaidPayments"),
      },
      durableObjects: { PARTITION: object("BarePartition") },
      queueProducers: queues,
    }),
    worker("bare-catalog"),
    worker("bare-inventory", { durableObjects: { SKU: object("BareSku") } }),
    worker("bare-payments", { serviceBindings: { PROVIDER: to("bare-provider", "BareProvider") } }),
    worker("bare-provider", {
      serviceBindings: { WEBHOOKS: to("bare-payments", "BarePayments") },
      durableObjects: { ACCOUNT: object("BareAccount") },
    }),
    worker("bare-paid-payments", {
      script: paidPayments,
      compatibilityFlags: ["nodejs_compat"],
      bindings: { STRIPE_API_KEY: SECRETS.STRIPE_API_KEY },
      serviceBindings: { PROVIDER: { name: "bare-sandbox" } },
    }),
    { ...sandbox, name: "bare-sandbox", serviceBindings: { WEBHOOK_RECEIVER: to("bare-paid-payments", "PaidPayments") } },
    ...followers,
    worker(BARE_DRIVER, {
      ...direct,
      script: driver,
      compatibilityFlags: ["nodejs_compat"],
      serviceBindings: { INVENTORY: to("bare-inventory", "BareInventory") },
    }),
  ];
}

function queueOf(follower: string): string {
  return `bare-${follower}`;
}
