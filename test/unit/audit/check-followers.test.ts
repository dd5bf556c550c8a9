import { describe, expect, it } from "vitest";
import type { SentNotification } from "../../../queues/notifications/contract.ts";
import {
  checkMails,
  checkPartition,
  checkProjected,
  checkSales,
  checkUnprojected,
  countMail,
  type MailCount,
  salesOf,
} from "../../../workers/audit/check-followers.ts";
import { facts, ORDER_ID } from "./fixtures.ts";

function invariants(findings: readonly { readonly invariant: string }[]): string[] {
  return findings.map((finding) => finding.invariant);
}

const PARTITION = {
  partition: "0-0",
  eventCount: 7,
  lastSequence: 7,
  publishedSequence: 5,
  duplicateKeys: [],
  numbers: [{ day: "2026-11-21", count: 3, highest: 3 }],
};

describe("a partition's own counts", () => {
  it("finds nothing wrong with a gapless log that is not published to its end yet", () => {
    expect(checkPartition(PARTITION)).toEqual([]);
  });

  it("notices gaps in the log and in the numbers, and a key with two orders", () => {
    expect(invariants(checkPartition({ ...PARTITION, eventCount: 6 }))).toEqual(["I10"]);
    expect(invariants(checkPartition({ ...PARTITION, publishedSequence: 8 }))).toEqual(["I10"]);
    expect(invariants(checkPartition({ ...PARTITION, numbers: [{ day: "2026-11-21", count: 2, highest: 3 }] }))).toEqual(["I10"]);
    expect(invariants(checkPartition({ ...PARTITION, duplicateKeys: ["cart key"] }))).toEqual(["I5"]);
  });
});

describe("the orders projection", () => {
  const row = { orderId: ORDER_ID, status: "placed" as const, totalMinor: 849, refundedMinor: 0 };

  it("must have a row for every order, and no other", () => {
    const orders = new Map([[ORDER_ID, facts()]]);
    expect(checkUnprojected(orders, new Set([ORDER_ID]))).toEqual([]);
    expect(invariants(checkUnprojected(orders, new Set()))).toEqual(["I6"]);
    expect(invariants(checkProjected(row, undefined))).toEqual(["I12"]);
  });

  it.each([{ status: "submitted" as const }, { totalMinor: 1 }, { refundedMinor: 1 }])("notices %j", (change) => {
    expect(checkProjected(row, facts())).toEqual([]);
    expect(invariants(checkProjected({ ...row, ...change }, facts()))).toEqual(["I12"]);
  });
});

describe("mails", () => {
  const sent = (changes: Partial<SentNotification> = {}): SentNotification => ({
    id: "n",
    orderId: ORDER_ID,
    eventId: "e",
    template: "order_confirmation",
    channel: "email",
    status: "sent",
    ...changes,
  });

  function check(order: Parameters<typeof facts>[0], mails: readonly SentNotification[]): string[] {
    const counts = new Map<string, MailCount>();
    for (const mail of mails) countMail(counts, mail);
    return invariants(checkMails(new Map([[ORDER_ID, facts(order)]]), counts));
  }

  it("are exactly one confirmation for a placed order and none for another", () => {
    expect(check({}, [sent()])).toEqual([]);
    expect(check({}, [])).toEqual(["I6"]);
    expect(check({}, [sent(), sent()])).toEqual(["I6"]);
    expect(check({ placed: false }, [])).toEqual([]);
    expect(check({ placed: false }, [sent()])).toEqual(["I6"]);
  });

  it("are one per shipment, whatever other channels say", () => {
    const shipped = sent({ template: "order_shipped" });
    expect(check({ shipments: 2 }, [sent(), shipped, shipped, sent({ channel: "sms" })])).toEqual([]);
    expect(check({ shipments: 2 }, [sent(), shipped])).toEqual(["I6"]);
  });

  it("are about orders that exist", () => {
    expect(check({}, [sent(), sent({ orderId: "ord_other" })])).toEqual(["I6"]);
  });
});

describe("sales totals", () => {
  const orders = salesOf([
    facts(),
    facts({ refundedMinor: 100 }),
    facts({ placed: false, status: "failed" }),
    facts({ currency: "EUR" }),
  ]);

  it("count what was ever placed, at listed prices, by currency", () => {
    expect(orders).toEqual([
      { currency: "GBP", orders: 2, units: 6, grossMinor: 1_000, refundsMinor: 100 },
      { currency: "EUR", orders: 1, units: 3, grossMinor: 500, refundsMinor: 0 },
    ]);
  });

  it("must equal the orders when nothing is sold meanwhile", () => {
    expect(checkSales(orders, orders, orders)).toEqual([]);
    const more = orders.map((total) => ({ ...total, grossMinor: total.grossMinor + 1 }));
    expect(invariants(checkSales(more, orders, more))).toEqual(["I12", "I12"]);
    expect(invariants(checkSales([], orders, []))).toContain("I12");
    expect(invariants(checkSales(orders, [], orders))).toContain("I12");
  });

  it("may lie between two readings when orders come in", () => {
    const later = orders.map((total) => ({ ...total, orders: total.orders + 3, units: total.units + 9, grossMinor: 9_000 }));
    const between = orders.map((total) => ({ ...total, orders: total.orders + 1, units: total.units + 3, grossMinor: 1_500 }));
    expect(checkSales(orders, between, later)).toEqual([]);
    expect(checkSales(between, orders, later)).not.toEqual([]);
  });
});
