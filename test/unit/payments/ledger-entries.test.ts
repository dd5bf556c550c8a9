/** Double entry as a pure decision: every event balances, and what is refunded in full leaves no account open. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { type LedgerEntry, ledgerEntries } from "../../../workers/payments/ledger-entries.ts";

function envelope(sequence: number) {
  return {
    specversion: "1.0" as const,
    id: `/orders/partitions/0-0#${sequence}`,
    source: "/orders/partitions/0-0",
    version: 1 as const,
    time: "2026-11-21T09:30:00.000Z",
    subject: "ord_1",
    sequence,
    traceparent: "00-",
    datacontenttype: "application/json" as const,
  };
}

interface Sale {
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly shippingMinor: number;
  readonly taxMinor: number;
  readonly included: boolean;
}

function placed(sale: Sale): OrderEvent {
  const { included, ...parts } = sale;
  const totalMinor = parts.subtotalMinor - parts.discountMinor + parts.shippingMinor + (included ? 0 : parts.taxMinor);
  const ref = { orderId: "ord_1", number: null, customerId: null, currency: "GBP", country: "GB", lines: [] };
  const data = { ...ref, totals: { ...parts, totalMinor }, paymentId: "pi_1", capturedMinor: totalMinor };
  return { ...envelope(1), type: "order.placed", data };
}

function refunded(sequence: number, amountMinor: number): OrderEvent {
  const data = {
    orderId: "ord_1",
    number: null,
    currency: "GBP",
    refundId: `r${sequence}`,
    amountMinor,
    lines: [],
    restocked: false,
  };
  return { ...envelope(sequence), type: "order.refunded", data };
}

function balances(entries: readonly LedgerEntry[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { account, direction, amountMinor } of entries) {
    sums[account] = (sums[account] ?? 0) + (direction === "debit" ? amountMinor : -amountMinor);
  }
  return sums;
}

const sales = fc
  .record({
    subtotalMinor: fc.integer({ min: 0, max: 10_000_000 }),
    discountShare: fc.integer({ min: 0, max: 100 }),
    shippingMinor: fc.integer({ min: 0, max: 10_000 }),
    taxShare: fc.integer({ min: 0, max: 25 }),
    included: fc.boolean(),
  })
  .map(({ discountShare, taxShare, ...sale }): Sale => {
    const discountMinor = Math.floor((sale.subtotalMinor * discountShare) / 100);
    const taxMinor = Math.floor(((sale.subtotalMinor - discountMinor + sale.shippingMinor) * taxShare) / 100);
    return { ...sale, discountMinor, taxMinor };
  });

describe("ledger entries", () => {
  it("of a sale with tax on top book goods, shipping and tax at their own figures", () => {
    const sale = { subtotalMinor: 10_000, discountMinor: 1_000, shippingMinor: 500, taxMinor: 950, included: false };
    expect(balances(ledgerEntries([placed(sale)], []))).toEqual({
      provider_receivable: 10_450,
      sales_revenue: -9_000,
      shipping_revenue: -500,
      tax_payable: -950,
    });
  });

  it("of a sale with tax contained take the tax out of goods and shipping in proportion", () => {
    const sale = { subtotalMinor: 9_000, discountMinor: 0, shippingMinor: 3_000, taxMinor: 2_000, included: true };
    expect(balances(ledgerEntries([placed(sale)], []))).toEqual({
      provider_receivable: 12_000,
      sales_revenue: -7_500,
      shipping_revenue: -2_500,
      tax_payable: -2_000,
    });
  });

  it("of nothing are none", () => {
    const free = { subtotalMinor: 500, discountMinor: 500, shippingMinor: 0, taxMinor: 0, included: true };
    expect(ledgerEntries([placed(free)], [])).toEqual([]);
  });

  it("balance for every sale and every way to refund it, and a full refund closes each account", () => {
    fc.assert(
      fc.property(sales, fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 6 }), (sale, shares) => {
        const sold = placed(sale);
        const totalMinor = sold.type === "order.placed" ? sold.data.capturedMinor : 0;
        const booked = ledgerEntries([sold], []);
        let left = totalMinor;
        let sequence = 1;
        for (const share of [...shares, 100]) {
          const amountMinor = share === 100 ? left : Math.floor((left * share) / 100);
          if (amountMinor === 0) continue;
          sequence += 1;
          left -= amountMinor;
          booked.push(...ledgerEntries([refunded(sequence, amountMinor)], booked));
          for (const [account, balance] of Object.entries(balances(booked))) {
            expect(account === "provider_receivable" ? balance : -balance).toBeGreaterThanOrEqual(0);
          }
        }
        expect(Object.values(balances(booked)).every((balance) => balance === 0)).toBe(true);
        expect(booked.some((entry) => entry.account === "unallocated_refunds")).toBe(false);
      }),
    );
  });

  it("put a refund that nothing was booked for in an account of its own", () => {
    expect(balances(ledgerEntries([refunded(1, 70)], []))).toEqual({ unallocated_refunds: 70, provider_receivable: -70 });
  });
});
