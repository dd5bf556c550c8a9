import { describe, expect, it } from "vitest";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { foldOrderEvents } from "../../../workers/orders/fold-order-events.ts";

const ORDER = "ord_01h455vb4pex5vsknk084sn02q";
const OTHER = "ord_01h455vb4pex5vsknk084sn02r";

function event(sequence: number, type: OrderEvent["type"], data: object, orderId = ORDER): OrderEvent {
  return {
    specversion: "1.0",
    id: `/orders/partitions/0-0#${sequence}`,
    source: "/orders/partitions/0-0",
    type,
    version: 1,
    time: new Date(sequence * 1_000).toISOString(),
    subject: orderId,
    sequence,
    traceparent: "",
    datacontenttype: "application/json",
    data: { orderId, number: null, currency: "GBP", ...data },
  } as OrderEvent;
}

const snapshot = {
  customerId: null,
  country: "GB",
  lines: [{ sku: "A", productId: "prod_1", title: "A", quantity: 2, unitPriceMinor: 100, totalMinor: 200 }],
  totals: { subtotalMinor: 200, discountMinor: 0, shippingMinor: 0, taxMinor: 33, totalMinor: 200 },
};

describe("folding order events into row changes", () => {
  it("makes one change of everything that happened to one order", () => {
    const [change, ...rest] = foldOrderEvents([
      event(1, "order.submitted", snapshot),
      event(2, "order.placed", { ...snapshot, number: "N-1", paymentId: "pi_1", capturedMinor: 200 }),
      event(3, "order.refunded", { number: "N-1", refundId: "r1", amountMinor: 50, lines: [], restocked: false }),
      event(4, "order.refunded", { number: "N-1", refundId: "r2", amountMinor: 25, lines: [], restocked: false }),
    ]);
    expect(rest).toEqual([]);
    expect(change).toMatchObject({
      status: "placed",
      number: "N-1",
      refundedMinor: 75,
      placedAtMs: 2_000,
      updatedAtMs: 4_000,
      submitted: { atMs: 1_000 },
    });
  });

  it("keeps orders apart, in order of first appearance", () => {
    const changes = foldOrderEvents([
      event(1, "order.submitted", snapshot),
      event(2, "order.submitted", snapshot, OTHER),
      event(3, "order.failed", { reason: "out_of_stock" }),
    ]);
    expect(changes.map(({ orderId, status }) => [orderId, status])).toEqual([
      [ORDER, "failed"],
      [OTHER, "submitted"],
    ]);
  });

  it("leaves the status alone for a partial shipment and fulfils with the last one", () => {
    const shipped = { number: "N-1", shipmentId: "s1", carrier: null, trackingNumber: null, lines: [] };
    expect(foldOrderEvents([event(5, "order.shipped", { ...shipped, complete: false })])[0]?.status).toBeNull();
    expect(foldOrderEvents([event(5, "order.shipped", { ...shipped, complete: true })])[0]?.status).toBe("fulfilled");
  });

  it("gives the same whether a run is folded whole or event by event", () => {
    const events = [
      event(1, "order.submitted", snapshot),
      event(2, "order.awaiting_payment", { number: "N-1", expiresAtMs: 9 }),
      event(3, "order.placed", { ...snapshot, number: "N-1", paymentId: "pi_1", capturedMinor: 200 }),
      event(4, "order.refunded", { number: "N-1", refundId: "r1", amountMinor: 150, lines: [], restocked: true }),
      event(5, "order.refunded", { number: "N-1", refundId: "r2", amountMinor: 50, lines: [], restocked: true }),
      event(6, "order.cancelled", { number: "N-1", reason: "x" }),
    ];
    const single = events.flatMap((one) => foldOrderEvents([one]));
    const whole = foldOrderEvents(events)[0];
    expect(single.reduce((sum, change) => sum + change.refundedMinor, 0)).toBe(whole?.refundedMinor);
    expect(single.findLast((change) => change.status !== null)?.status).toBe(whole?.status);
    expect(single.findLast((change) => change.number !== null)?.number).toBe(whole?.number);
  });
});
