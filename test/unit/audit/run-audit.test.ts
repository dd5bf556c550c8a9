/** The whole audit over plain objects in place of the owners: what it asks for, how often, and what it reports. */
import { describe, expect, it } from "vitest";
import { salesOf } from "../../../workers/audit/check-followers.ts";
import type { AuditReport } from "../../../workers/audit/contract.ts";
import type { Env } from "../../../workers/audit/env.ts";
import { factsOf } from "../../../workers/audit/order-facts.ts";
import { runAudit } from "../../../workers/audit/run-audit.ts";
import type { RevocationReport } from "../../../workers/identity/contract.ts";
import type { StockAccount } from "../../../workers/inventory/contract.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import { account, books, HOLD_ID, ORDER_ID } from "./fixtures.ts";

const PARTITION = "0-0";
/** As `SKUS_READ_MAX`; an answer of inventory may also end early. */
const ANSWER_MAX = 500;

class Shop {
  readonly calls = new Map<string, number>();
  readonly stock = new Map<string, StockAccount>();
  revocations: RevocationReport = { checked: 3, violations: [] };
  answerMax = ANSWER_MAX;

  constructor(skus: number) {
    for (let index = 0; index < skus; index++) this.addStock(`SKU-${String(index).padStart(6, "0")}`, []);
    const lines = account().order.lines;
    for (const { sku, quantity } of lines) {
      this.addStock(sku, [{ holdId: HOLD_ID, state: "committed", quantity, expiresAtMs: 0, resolutions: 1 }]);
    }
  }

  addStock(sku: string, holds: StockAccount["holds"]): void {
    const locations = [{ location: "main", onHand: 10, held: 0, journalOnHand: 10 }];
    this.stock.set(sku, { sku, sequence: 1, locations, backordered: 0, holds, gapless: true });
  }

  get env(): Env {
    const skus = [...this.stock.keys()].sort();
    const after = <T>(items: readonly T[], keyOf: (item: T) => string, from: string, limit: number): T[] =>
      items.filter((item) => keyOf(item) > from).slice(0, limit);
    const facts = factsOf(account());
    const one = <T>(item: T, from: string): T[] => (from === "" ? [item] : []);
    const partition = {
      partition: PARTITION,
      eventCount: 2,
      lastSequence: 2,
      publishedSequence: 2,
      numbers: [],
      duplicateKeys: [],
    };
    const env = {
      ORDERS: {
        catchUp: async () => 0,
        listSources: async () => [`/orders/partitions/${PARTITION}`],
        readPartitionAccount: async () => partition,
        listOrderAccounts: async (_: string, from: string) => one(account(), from),
        listProjectedOrders: async (from: string) => one({ ...facts, orderId: ORDER_ID }, from),
      },
      INVENTORY: {
        listTouchedSkus: async (from: string, limit: number) => after(skus, (sku) => sku, from, limit),
        readAccounts: async (asked: readonly string[]) =>
          asked.slice(0, this.answerMax).flatMap((sku) => this.stock.get(sku) ?? []),
      },
      PAYMENTS: { catchUp: async () => 0, listBooks: async (from: string) => one(books(), from), ledgerBalances: async () => [] },
      NOTIFICATIONS: {
        catchUp: async () => 0,
        listSent: async (from: string) =>
          one({ id: "ntf_1", orderId: ORDER_ID, channel: "email", template: "order_confirmation" }, from),
      },
      ANALYTICS: {
        catchUp: async () => 0,
        salesTotals: async () => salesOf([facts]),
        listStockLevels: async (from: string, limit: number) =>
          after(skus, (sku) => sku, from, limit).map((sku) => ({ sku, location: "main", sequence: 1, onHand: 10, held: 0 })),
      },
      IDENTITY: { checkRevocations: async () => this.revocations },
    };
    return this.#counted(env) as unknown as Env;
  }

  #counted(env: Readonly<Record<string, Readonly<Record<string, (...args: never[]) => unknown>>>>): object {
    return Object.fromEntries(
      Object.entries(env).map(([service, methods]) => [
        service,
        Object.fromEntries(
          Object.entries(methods).map(([name, method]) => [
            name,
            (...args: never[]) => {
              this.calls.set(`${service}.${name}`, (this.calls.get(`${service}.${name}`) ?? 0) + 1);
              return method(...args);
            },
          ]),
        ),
      ]),
    );
  }
}

function invariant(report: AuditReport, id: string) {
  return report.invariants.find((candidate) => candidate.id === id);
}

describe("the audit", () => {
  it("finds a sound shop sound, and says how much it looked at", async () => {
    const report = await runAudit(new Shop(3).env, newContext());
    expect(report.invariants.filter(({ holds }) => !holds)).toEqual([]);
    expect(invariant(report, "I1")?.checked).toBe(5);
    expect(invariant(report, "I9")?.checked).toBe(3);
  });

  it("reads ten thousand SKUs in a few dozen calls, and every one of them", async () => {
    const shop = new Shop(10_000);
    const report = await runAudit(shop.env, newContext());
    expect(invariant(report, "I1")).toMatchObject({ checked: 10_002, holds: true });
    const calls = [...shop.calls.values()].reduce((sum, count) => sum + count, 0);
    expect(calls).toBeLessThan(100);
  });

  it("asks again for the SKUs that an answer left out", async () => {
    const shop = new Shop(20);
    shop.answerMax = 3;
    const report = await runAudit(shop.env, newContext());
    expect(invariant(report, "I1")).toMatchObject({ checked: 22, holds: true });
    expect(shop.calls.get("INVENTORY.readAccounts")).toBe(8);
  });

  it("reports a session that was used after it had been revoked", async () => {
    const shop = new Shop(1);
    shop.revocations = { checked: 3, violations: [{ sessionId: "ses_1", detail: "revoked at 1, last used at 2" }] };
    const report = await runAudit(shop.env, newContext());
    expect(report.holds).toBe(false);
    expect(invariant(report, "I9")?.violations).toEqual([{ subject: "ses_1", detail: "revoked at 1, last used at 2" }]);
  });

  it("reports the one SKU whose books are wrong among many", async () => {
    const shop = new Shop(1_200);
    const broken = { location: "main", onHand: 10, held: 0, journalOnHand: 9 };
    const before = shop.stock.get("SKU-000777");
    if (before === undefined) throw new Error("no such SKU");
    shop.stock.set("SKU-000777", { ...before, locations: [broken] });
    const report = await runAudit(shop.env, newContext());
    expect(invariant(report, "I1")?.violations.map(({ subject }) => subject)).toEqual(["SKU-000777 at main"]);
  });

  it("proves nothing when a book cannot be read", async () => {
    const shop = new Shop(1);
    const env = { ...shop.env, IDENTITY: { checkRevocations: () => Promise.reject(new Error("down")) } };
    await expect(runAudit(env, newContext())).rejects.toThrow("down");
  });
});
