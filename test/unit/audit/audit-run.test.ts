/** A whole run over made-up books: what it asks for, how much at once, and what it reports. */
import { describe, expect, it } from "vitest";
import { advanceRun, beginRun, newRun } from "../../../durable-objects/audit-run/advance-run.ts";
import type { BookOwners } from "../../../durable-objects/audit-run/env.ts";
import { reportRun } from "../../../durable-objects/audit-run/report-run.ts";
import { RunStore } from "../../../durable-objects/audit-run/run-store.ts";
import type { AuditReport } from "../../../workers/audit/contract.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import { ManyOrders } from "./many-orders.ts";
import { sqliteStorage } from "./sqlite-storage.ts";

/** Below the 32 of the platform: an invocation's own call is one of them. */
const CALLS_PER_INVOCATION = 31;

interface Ended {
  readonly report: AuditReport | null;
  readonly failure: string | null;
  readonly slices: number;
  readonly callsAtMost: number;
}

async function audit(shop: ManyOrders, owners: BookOwners = shop.owners): Promise<Ended> {
  const store = new RunStore(sqliteStorage());
  beginRun(store, newRun("run", Date.now(), newContext()));
  const calls = () => [...shop.calls.values()].reduce((sum, count) => sum + count, 0);
  let slices = 0;
  let callsAtMost = 0;
  for (let run = store.readRun(); run?.state === "running"; run = store.readRun()) {
    const before = calls();
    await advanceRun(store, owners, () => undefined);
    callsAtMost = Math.max(callsAtMost, calls() - before);
    slices += 1;
  }
  const run = store.readRun();
  const report = run?.state === "finished" ? reportRun(store, run) : null;
  return { report, failure: run?.failure ?? null, slices, callsAtMost };
}

function found(report: AuditReport | null): string[] {
  return (report?.invariants ?? []).flatMap(({ id, violations }) => violations.map(({ subject }) => `${id} ${subject}`));
}

function altered(owners: BookOwners, changes: { readonly [Owner in keyof BookOwners]?: Partial<BookOwners[Owner]> }): BookOwners {
  const merged = Object.entries(owners).map(([name, api]) => [name, { ...api, ...changes[name as keyof BookOwners] }]);
  return Object.fromEntries(merged) as BookOwners;
}

describe("an audit", () => {
  it("reads a small shop in one invocation, and finds it sound", async () => {
    const { report, slices } = await audit(new ManyOrders(6, 2));
    expect(found(report)).toEqual([]);
    expect(report?.holds).toBe(true);
    expect(slices).toBe(1);
    const checked = Object.fromEntries((report?.invariants ?? []).map(({ id, checked }) => [id, checked]));
    expect(checked).toMatchObject({ I1: 2, I2: 6, I4: 6, I7: 6, I9: 3, I10: 12 + 2, I6: 12 * 4 });
  });

  it("never makes more calls in one invocation than the platform allows, however large the shop", async () => {
    const shop = new ManyOrders(4_000, 3_000);
    const { report, slices, callsAtMost } = await audit(shop);
    expect(found(report)).toEqual([]);
    expect(report?.invariants.find(({ id }) => id === "I1")?.checked).toBe(3_000);
    expect(slices).toBeGreaterThan(2);
    expect(callsAtMost).toBeLessThanOrEqual(CALLS_PER_INVOCATION);
  });

  it("looks a second time at what looked wrong, and reports what is still wrong", async () => {
    const shop = new ManyOrders(50, 10);
    const [stolen, moving] = shop.ids[0] ?? [];
    if (stolen === undefined || moving === undefined) throw new Error("there are orders");
    const wrong = (orderId: string) => ({ kind: "different" as const, subject: orderId, detail: "units" });
    let looks = 0;
    const owners = altered(shop.owners, {
      ORDERS: {
        compareWithLog: async () => {
          looks += 1;
          return { behind: false, rows: 50, differences: looks === 1 ? [wrong(stolen), wrong(moving)] : [wrong(stolen)] };
        },
      },
    });
    const { report } = await audit(shop, owners);
    expect(found(report)).toEqual([`I12 ${stolen}`]);
  });

  it("names stock that was committed for an order that does not exist, and a charge for one", async () => {
    const shop = new ManyOrders(5, 1);
    const stray = "ord_01h455vb4pex5vsknk084sn02q";
    const owners = altered(shop.owners, {
      INVENTORY: {
        readAccounts: async (skus) =>
          skus.map((sku) => {
            const sound = shop.stock(sku);
            const hold = { holdId: `${stray}~1`, state: "committed" as const, quantity: 1, expiresAtMs: 0, resolutions: 1 };
            return { ...sound, holds: [...sound.holds, hold] };
          }),
      },
      PAYMENTS: {
        listBooks: async (after) => (after === "" ? [...shop.page("", 9), stray].map((id) => shop.payment(id)) : []),
      },
    });
    const { report } = await audit(shop, owners);
    expect(found(report)).toEqual([`I4 pi_${stray}`, `I4 hold ${stray}~1`]);
  });

  it("says which follower never gets to the end of the log", async () => {
    const shop = new ManyOrders(5, 1);
    const owners = altered(shop.owners, {
      PAYMENTS: { compareWithLog: async () => ({ behind: true, rows: 0, differences: [] }) },
    });
    expect(found((await audit(shop, owners)).report)).toEqual(["I6 follower of orders in payments"]);
  });

  it("notices sums that do not add up, and allows for what is sold meanwhile", async () => {
    const shop = new ManyOrders(5, 1);
    const sound = shop.owners.ANALYTICS;
    let reads = 0;
    const reading = (change: (read: number) => number) =>
      altered(shop.owners, {
        ANALYTICS: {
          readSales: async (...args) => {
            const rows = await sound.readSales(...args);
            if (rows.length > 0) reads += 1;
            return rows.map((row) => ({ ...row, figures: { ...row.figures, units: row.figures.units + change(reads) } }));
          },
        },
      });
    expect(
      found(
        (
          await audit(
            shop,
            reading((read) => (read === 1 ? 0 : 7)),
          )
        ).report,
      ),
    ).toEqual([]);
    reads = 0;
    expect(
      found(
        (
          await audit(
            shop,
            reading(() => 1),
          )
        ).report,
      ),
    ).toEqual(["I12 country_sales 2026-01-01 GB GBP"]);
    expect(
      found(
        (
          await audit(
            shop,
            reading(() => -1),
          )
        ).report,
      ),
    ).toEqual(["I12 country_sales 2026-01-01 GB GBP"]);
  });

  it("notices a gap in a log", async () => {
    const shop = new ManyOrders(5, 1);
    const owners = altered(shop.owners, {
      ORDERS: {
        readPartitionBooks: async (cursors) =>
          cursors.map(({ partition, afterOrderId, afterSequence }) => {
            const books = shop.books(Number(partition.slice(2)), afterOrderId, afterSequence);
            return partition === "0-0" ? { ...books, events: books.events.slice(1) } : books;
          }),
      },
    });
    expect(found((await audit(shop, owners)).report)).toContain("I10 /orders/partitions/0-0");
  });

  it("proves nothing when a book cannot be read", async () => {
    const shop = new ManyOrders(1, 1);
    const owners = altered(shop.owners, { IDENTITY: { checkRevocations: () => Promise.reject(new Error("down")) } });
    const { report, failure, slices } = await audit(shop, owners);
    expect(report).toBeNull();
    expect(failure).toMatch(/down|circuit/);
    expect(slices).toBeGreaterThan(1);
  });
});
