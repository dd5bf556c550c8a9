/** The audit over the real orders, inventory and payments. Mails and sales are what honest followers would have made. */
import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { AnalyticsApi, SalesTotal } from "../../../queues/analytics/contract.ts";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import type { NotificationsApi, SentNotification } from "../../../queues/notifications/contract.ts";
import { salesOf } from "../../../workers/audit/check-followers.ts";
import type { AuditReport, InvariantId } from "../../../workers/audit/contract.ts";
import type { Env } from "../../../workers/audit/env.ts";
import { factsOf, type OrderFacts } from "../../../workers/audit/order-facts.ts";
import { runAudit } from "../../../workers/audit/run-audit.ts";
import type { InventoryApi } from "../../../workers/inventory/contract.ts";
import type { OrdersApi } from "../../../workers/orders/contract.ts";
import type { PaymentsApi } from "../../../workers/payments/contract.ts";
import { bindings, CONTEXT, checkout, filledCart, OPERATOR, placedOrder, product, request } from "./shop.ts";

const peers = env as unknown as { readonly INVENTORY: InventoryApi; readonly PAYMENTS: PaymentsApi };
const { default: realOrders } = exports as unknown as { default: OrdersApi };

async function allEvents(): Promise<readonly OrderEvent[]> {
  const sources = await realOrders.listSources();
  const logs = await Promise.all(sources.map((source) => realOrders.readEvents(source, 0, 100)));
  return logs.flat();
}

const notifications: NotificationsApi = {
  async listSent(afterId) {
    const templates = new Map([
      ["order.placed", "order_confirmation"],
      ["order.shipped", "order_shipped"],
    ] as const);
    const sent = (await allEvents()).flatMap((event): SentNotification[] => {
      const template = templates.get(event.type as "order.placed");
      if (template === undefined) return [];
      return [{ id: event.id, orderId: event.data.orderId, eventId: event.id, template, channel: "email", status: "sent" }];
    });
    return sent.filter((one) => one.id > afterId).sort((a, b) => (a.id < b.id ? -1 : 1));
  },
  catchUp: async () => 0,
  savePushSubscription: async () => ({ ok: true, value: null }),
};

async function allFacts(): Promise<readonly OrderFacts[]> {
  const partitions = (await realOrders.listSources()).map((source) => source.split("/").at(-1) ?? "");
  const pages = await Promise.all(partitions.map((partition) => realOrders.listOrderAccounts(partition, "", 1_000)));
  return pages.flat().map(factsOf);
}

const analytics: AnalyticsApi = {
  salesTotals: async (): Promise<readonly SalesTotal[]> => salesOf(await allFacts()),
  async listStockLevels(afterSku) {
    const skus = await peers.INVENTORY.listTouchedSkus(afterSku, 200);
    const accounts = await Promise.all(skus.map((sku) => peers.INVENTORY.readAccount(sku)));
    return accounts.flatMap(({ sku, sequence, locations }) =>
      locations.map(({ location, onHand, held }) => ({ sku, sequence, location, onHand, held })),
    );
  },
  catchUp: async () => 0,
};

function world(changes: Partial<Env> = {}): Env {
  return {
    ORDERS: realOrders,
    INVENTORY: peers.INVENTORY,
    PAYMENTS: peers.PAYMENTS,
    NOTIFICATIONS: notifications,
    ANALYTICS: analytics,
    IDENTITY: { checkRevocations: async () => ({ checked: 2, violations: [] }) },
    ...changes,
  };
}

/** The same API with one method answering otherwise. Members of an RPC stub can only be called, not bound. */
function altered<T extends object>(api: T, method: keyof T & string, alter: (answer: never) => unknown): T {
  const stub = api as Record<string, (...args: unknown[]) => Promise<unknown>>;
  return new Proxy({} as T, {
    get(_, name) {
      if (typeof name !== "string" || name === "then") return undefined;
      return async (...args: unknown[]) => {
        const answer = await stub[name]?.(...args);
        return name === method ? alter(answer as never) : answer;
      };
    },
  });
}

function broken(report: AuditReport): InvariantId[] {
  return report.invariants.filter((invariant) => !invariant.holds).map((invariant) => invariant.id);
}

beforeAll(async () => {
  const sku = await product({ stock: 20 });
  const order = await placedOrder({ [sku]: 2, [await product()]: 1 });
  const post = async (path: string, body: object) =>
    await request("POST", `/v1/admin/orders/${order.id}/${path}`, {
      as: OPERATOR,
      body,
      headers: { "idempotency-key": path },
    });
  await post("shipments", { lines: [{ sku, quantity: 1 }] });
  await post("refunds", { amount_minor: 100, restock: false });
  const cancelled = await placedOrder({ [sku]: 1 });
  await request("POST", `/v1/admin/orders/${cancelled.id}/cancel`, { as: OPERATOR });
  await checkout(await filledCart({ [sku]: 1 }), "declined", { payment_method: "pm_card_chargeDeclined" });
  await checkout(await filledCart({ [sku]: 99 }), "short");
  await checkout(await filledCart({ [sku]: 1 }), "waiting", { payment_method: "pm_card_authenticationRequired" });
});

describe("the audit", () => {
  it("finds every invariant held after sales, refusals, a shipment, a refund and a cancellation", async () => {
    const report = await runAudit(world(), CONTEXT);
    expect(report.invariants.flatMap((invariant) => invariant.violations)).toEqual([]);
    expect(report.holds).toBe(true);
    expect(report.inFlight).toBe(1);
    const checked = Object.fromEntries(report.invariants.map((invariant) => [invariant.id, invariant.checked]));
    for (const id of ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I10", "I11", "I12"]) expect(checked[id]).toBeGreaterThan(0);
    expect([checked["I8"], checked["I9"]]).toEqual([0, 2]);
  });

  it.each<[string, () => Partial<Env>, InvariantId[]]>([
    [
      "a session that was used after it had been revoked",
      () => ({
        IDENTITY: { checkRevocations: async () => ({ checked: 1, violations: [{ sessionId: "ses_1", detail: "used" }] }) },
      }),
      ["I9"],
    ],
    ["a mail that was never sent", () => ({ NOTIFICATIONS: altered(notifications, "listSent", () => []) }), ["I6"]],
    [
      "a ledger that lost its entries",
      () => ({
        PAYMENTS: altered(peers.PAYMENTS, "listBooks", (page: { ledger: object }[]) =>
          page.map((books) => ({ ...books, ledger: { capturedMinor: 0, refundedMinor: 0 } })),
        ),
      }),
      ["I3"],
    ],
    [
      "stock committed for nobody",
      () => ({
        INVENTORY: altered(peers.INVENTORY, "readAccounts", (accounts: { holds: object[] }[]) =>
          accounts.map((account) => ({
            ...account,
            holds: account.holds.map((hold) => ({ ...hold, holdId: "ord_01h455vb4pex5vsknk084sn02q~1" })),
          })),
        ),
      }),
      ["I4"],
    ],
    ["sales that analytics missed", () => ({ ANALYTICS: altered(analytics, "salesTotals", () => []) }), ["I12"]],
    [
      "a gap in a log",
      () => ({
        ORDERS: altered(realOrders, "readPartitionAccount", (account: { eventCount: number }) => ({
          ...account,
          eventCount: account.eventCount - 1,
        })),
      }),
      ["I10"],
    ],
  ])("notices %s", async (_, changes, expected) => {
    expect(broken(await runAudit(world(changes()), CONTEXT))).toEqual(expected);
  });

  it("notices a projection that was tampered with", async () => {
    await bindings.DATABASE.prepare("UPDATE orders SET status = 'completed' WHERE status = 'failed'").run();
    expect(broken(await runAudit(world(), CONTEXT))).toEqual(["I12"]);
  });

  it("proves nothing when a peer does not answer", async () => {
    const silent = altered(notifications, "catchUp", () => {
      throw new Error("away");
    });
    await expect(runAudit(world({ NOTIFICATIONS: silent }), CONTEXT)).rejects.toThrow("away");
  });
});
