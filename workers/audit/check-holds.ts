/** Committed stock against placed orders, in both directions (I4). Pure. */
import type { Finding } from "./findings.ts";
import type { OrderFacts } from "./order-facts.ts";

/** Hold ids are `<order id>~<attempt>`. */
export function orderOfHold(holdId: string): string {
  return holdId.split("~")[0] ?? holdId;
}

/** @param committed digest of what all SKUs together committed, by hold id */
export function checkHolds(orders: ReadonlyMap<string, OrderFacts>, committed: ReadonlyMap<string, number>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const order of orders.values()) {
    if (!order.ended || !order.placed || order.committedHoldId === null) continue;
    const digest = committed.get(order.committedHoldId);
    if (digest === order.heldDigest) continue;
    const detail = digest === undefined ? "no SKU has its hold committed" : "the SKUs committed other quantities than it sold";
    findings.push({ invariant: "I4", subject: order.orderId, detail });
  }
  for (const holdId of committed.keys()) {
    const order = orders.get(orderOfHold(holdId));
    // An order that failed after its commit knows its hold and was restocked; one in flight may be about to place.
    const explained = order !== undefined && (!order.ended || order.committedHoldId === holdId);
    if (explained) continue;
    const detail =
      order === undefined ? "committed for an order that does not exist" : `committed, but its order is ${order.status}`;
    findings.push({ invariant: "I4", subject: `hold ${holdId}`, detail });
  }
  return findings;
}
