/** What one order must be by itself: sums that add up (I11), stock and money as its status says (I4), a saga that ends (I7). Pure. */
import type { Order, OrderAccount } from "../../workers/orders/contract.ts";
import type { Finding } from "./finding.ts";
import { sameUnits, wasPlaced } from "./order-facts.ts";

/** A saga waits at most for the hold's clock and then retries once a minute; older ones are stuck. */
export const SAGA_AGE_MAX_MS = 30 * 60 * 1000;

export function checkOrder(account: OrderAccount, nowMs: number): readonly Finding[] {
  return [...checkTotals(account.order), ...checkSaga(account, nowMs), ...(account.sagaEnded ? checkEnd(account) : [])];
}

function checkTotals(order: Order): readonly Finding[] {
  const { subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor } = order.totals;
  const findings: Finding[] = [];
  const complain = (detail: string) => findings.push({ invariant: "I11", subject: order.id, detail });
  for (const line of order.lines) {
    if (line.totalMinor !== line.unitPriceMinor * line.quantity) complain(`line ${line.sku} is not price × quantity`);
  }
  const lines = order.lines.reduce((sum, line) => sum + line.totalMinor, 0);
  if (lines !== subtotalMinor) complain(`lines sum to ${lines}, the subtotal is ${subtotalMinor}`);
  const total = subtotalMinor - discountMinor + shippingMinor + (order.taxIncluded ? 0 : taxMinor);
  if (total !== totalMinor) complain(`the parts make ${total}, the total is ${totalMinor}`);
  if (Math.min(subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor) < 0) complain("an amount is negative");
  return findings;
}

function checkSaga(account: OrderAccount, nowMs: number): readonly Finding[] {
  if (account.sagaEnded) return [];
  const { order } = account;
  // A saga that retries keeps writing: its age counts from the last thing that happened to the order.
  const sinceMs = wasPlaced(account) ? account.updatedAtMs : (order.timeline.at(-1)?.atMs ?? order.createdAtMs);
  if (nowMs - sinceMs <= SAGA_AGE_MAX_MS) return [];
  const minutes = Math.floor((nowMs - sinceMs) / 60_000);
  return [{ invariant: "I7", subject: order.id, detail: `stuck at ${account.sagaStep} for ${minutes} minutes` }];
}

function checkEnd(account: OrderAccount): readonly Finding[] {
  const { order } = account;
  const findings: Finding[] = [];
  const complain = (detail: string) => findings.push({ invariant: "I4", subject: order.id, detail });
  if (wasPlaced(account)) {
    if (account.committedHoldId === null) complain("placed without committed stock");
    if (account.capturedMinor !== order.totals.totalMinor) {
      complain(`placed for ${order.totals.totalMinor} but ${account.capturedMinor} was captured`);
    }
    if (!sameUnits(account.heldLines, order.lines)) complain("held other quantities than it sold");
  } else {
    if (account.capturedMinor !== order.payment.refundedMinor) {
      complain(`never placed, but keeps ${account.capturedMinor - order.payment.refundedMinor}`);
    }
    if (order.status !== "failed" && order.status !== "cancelled") complain(`its saga ended but it is ${order.status}`);
  }
  return findings;
}
