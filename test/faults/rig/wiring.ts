/** Connects the real services to one another through the switchboard: each gets the environment that it expects. */
import "./provider-binding.ts";

import { env as bindings } from "cloudflare:workers";
import type { BookOwners } from "../../../durable-objects/audit-run/env.ts";
import Analytics from "../../../queues/analytics/index.ts";
import type { DeadLetterNotice } from "../../../queues/contracts/dead-letters.ts";
import Notifications from "../../../queues/notifications/index.ts";
import Inventory from "../../../workers/inventory/index.ts";
import Orders from "../../../workers/orders/index.ts";
import PaymentSandbox from "../../../workers/payment-sandbox/index.ts";
import Payments from "../../../workers/payments/index.ts";
import { err } from "../../../workers/shared/result.ts";
import type { Line } from "./fault.ts";
import { switchboard } from "./faulty-binding.ts";
import { inBackground } from "./object-life.ts";
import { capturedQueue, catalogue, mailbox, webhookReceiver } from "./outside-world.ts";
import { provider } from "./provider-binding.ts";

type Database = "ORDERS" | "INVENTORY" | "PAYMENTS" | "NOTIFICATIONS" | "ANALYTICS";

export type RigBindings = Readonly<Record<`DATABASE_${Database}`, D1Database>> &
  Readonly<Record<"CHECKOUT_PARTITION" | "SKU_STOCK" | "SANDBOX_ACCOUNT" | "AUDIT_RUN", DurableObjectNamespace>> &
  Readonly<Record<"STRIPE_WEBHOOK_SECRET" | "CAPABILITY_SECRET", string>>;

export const rig = bindings as unknown as RigBindings;

type Self = DurableObjectState | undefined;
type EnvOf<S> = S extends new (ctx: ExecutionContext, env: infer E) => unknown ? E : never;

/** The services, as new instances. @param self the object in whose context the service runs: its caller. */
export const here = {
  orders: (self?: Self): Orders => new Orders(contextOf(self), environments.orders),
  inventory: (self?: Self): Inventory => new Inventory(contextOf(self), environments.inventory),
  payments: (self?: Self): Payments => new Payments(contextOf(self), environments.payments),
  sandbox: (self?: Self): PaymentSandbox => new PaymentSandbox(contextOf(self), environments.sandbox),
  notifications: (self?: Self): Notifications => new Notifications(contextOf(self), environments.notifications),
  analytics: (self?: Self): Analytics => new Analytics(contextOf(self), environments.analytics),
};

/** What a service leaves in the background is waited for by `settled`, and dies with the object that called. */
function contextOf(self: Self): ExecutionContext {
  const owner = self?.id.toString() ?? "services";
  const waitUntil = (work: Promise<unknown>) => inBackground(owner, work);
  return { waitUntil, passThroughOnException: () => undefined, props: {} } as unknown as ExecutionContext;
}

function guardedLine(caller: string, peer: string, self?: Self): Line {
  return { caller, peer, self, hasDeadline: true };
}

function bareLine(caller: string, peer: string, self?: Self): Line {
  return { caller, peer, self, hasDeadline: false };
}

/** Stands for identity: every buyer is a guest, so nothing was revoked and no account has mail. */
const nobody = {
  checkRevocations: async () => ({ checked: 0, violations: [] }),
  readAccountMessage: async () => err({ code: "message_not_wanted" as const }),
  listUnsentMessages: async () => [],
  markMessagesSent: async () => undefined,
};

/** A producer behind the switchboard. */
function queue(line: (peer: string) => Line, name: string): Queue {
  return switchboard.service(line(name), () => capturedQueue(name));
}

function deadLetters(caller: string): Queue<DeadLetterNotice> {
  return queue((peer) => bareLine(caller, peer), "dead-letters") as Queue<DeadLetterNotice>;
}

/** @param self the partition that the environment is for; none for the worker. */
export function ordersEnv(self?: Self): EnvOf<typeof Orders> {
  const line = (peer: string) => guardedLine("partition", peer, self);
  return {
    ...(bindings as unknown as EnvOf<typeof Orders>),
    DATABASE: rig.DATABASE_ORDERS,
    CHECKOUT_PARTITION: switchboard.objects(guardedLine("orders", "partition"), "CHECKOUT_PARTITION", rig.CHECKOUT_PARTITION),
    CATALOG: switchboard.service(guardedLine("orders", "catalog"), () => catalogue),
    INVENTORY: switchboard.service(line("inventory"), () => here.inventory(self)),
    PAYMENTS: switchboard.service(line("payments"), () => here.payments(self)),
    DEAD_LETTERS: deadLetters("orders"),
    ORDER_EVENTS_NOTIFICATIONS: queue(line, "order-events-notifications"),
    ORDER_EVENTS_ANALYTICS: queue(line, "order-events-analytics"),
    ORDER_EVENTS_LEDGER: queue(line, "order-events-ledger"),
    ORDER_EVENTS_PROJECTION: queue(line, "order-events-projection"),
  };
}

/** @param self the SKU's object that the environment is for; none for the worker. */
export function inventoryEnv(self?: Self): EnvOf<typeof Inventory> & { readonly STOCK_EVENTS_ANALYTICS: Queue } {
  return {
    DATABASE: rig.DATABASE_INVENTORY,
    SKU_STOCK: switchboard.objects(bareLine("inventory", "sku"), "SKU_STOCK", rig.SKU_STOCK),
    STOCK_EVENTS_ANALYTICS: queue((peer) => bareLine("sku", peer, self), "stock-events-analytics"),
  };
}

/** @param self the account that the environment is for; none for the worker. */
export function sandboxEnv(self?: Self): EnvOf<typeof PaymentSandbox> {
  return {
    ...(bindings as unknown as EnvOf<typeof PaymentSandbox>),
    SANDBOX_ACCOUNT: switchboard.objects(bareLine("sandbox", "account"), "SANDBOX_ACCOUNT", rig.SANDBOX_ACCOUNT),
    WEBHOOK_RECEIVER: switchboard.service(bareLine("account", "receiver", self), () => webhookReceiver),
  };
}

/** What the audit reads. */
export function bookOwners(): BookOwners {
  return {
    ORDERS: here.orders(),
    INVENTORY: here.inventory(),
    PAYMENTS: here.payments(),
    NOTIFICATIONS: here.notifications(),
    ANALYTICS: here.analytics(),
    IDENTITY: nobody,
  };
}

const environments = {
  orders: ordersEnv(),
  inventory: inventoryEnv(),
  sandbox: sandboxEnv(),
  payments: {
    ...(bindings as unknown as EnvOf<typeof Payments>),
    DATABASE: rig.DATABASE_PAYMENTS,
    ORDERS: switchboard.service(guardedLine("payments", "orders"), () => here.orders()),
    DEAD_LETTERS: deadLetters("payments"),
  } satisfies EnvOf<typeof Payments>,
  notifications: {
    DATABASE: rig.DATABASE_NOTIFICATIONS,
    ORDERS: switchboard.service(guardedLine("notifications", "orders"), () => here.orders()),
    IDENTITY: nobody,
    MAIL: mailbox as unknown as SendEmail,
    OUTBOX: queue((peer) => bareLine("notifications", peer), "notification-outbox") as Queue<{ readonly outbox: "due" }>,
    DEAD_LETTERS: deadLetters("notifications"),
  } satisfies EnvOf<typeof Notifications>,
  analytics: {
    DATABASE: rig.DATABASE_ANALYTICS,
    ORDERS: switchboard.service(guardedLine("analytics", "orders"), () => here.orders()),
    INVENTORY: switchboard.service(guardedLine("analytics", "inventory"), () => here.inventory()),
    DEAD_LETTERS: deadLetters("analytics"),
  } satisfies EnvOf<typeof Analytics>,
};

const toSandbox = switchboard.service<{ fetch: (input: string, init: RequestInit) => Promise<Response> }>(
  guardedLine("payments", "provider"),
  () => ({ fetch: (input: string, init: RequestInit) => here.sandbox().fetch(new Request(input, { ...init, signal: null })) }),
);

/** Like the platform's fetch, it ends when its signal says so, whatever becomes of the request. */
provider.fetch = async (input, init) => {
  const aborted = Promise.withResolvers<never>();
  init.signal?.addEventListener("abort", () => aborted.reject(init.signal?.reason));
  return await Promise.race([toSandbox.fetch(input, init), aborted.promise]);
};
