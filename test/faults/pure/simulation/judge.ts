/**
 * What must be true of a simulated shop that has come to rest: I1–I7 and I10–I12 on its whole state, each by its own sum and
 * not by the shop's audit, so that neither hides a fault of the other. Reads only.
 */
import { hasEnded, type OrderRecord, refundedMinor } from "../../../../durable-objects/checkout-partition/order-record.ts";
import { ledgerEntries } from "../../../../workers/payments/ledger-entries.ts";
import type { Told } from "./act.ts";
import { SKUS, type SkuName } from "./history.ts";
import { type SimulatedShop, unitsOut } from "./simulated-shop.ts";

type Complain = (invariant: string, subject: string, detail: string) => void;

export function judge(shop: SimulatedShop, told: Told): readonly string[] {
  const violations = [...shop.violations];
  const complain: Complain = (invariant, subject, detail) => violations.push(`${invariant} ${subject}: ${detail}`);
  for (const order of shop.tables.orders.values()) judgeOrder(shop, order, complain);
  for (const sku of SKUS) judgeStock(shop, sku, complain);
  judgeLog(shop, complain);
  judgeLedger(shop, complain);
  judgeKeys(shop, told, complain);
  judgePromises(shop, told, complain);
  return violations;
}

export function wasPlaced(order: OrderRecord): boolean {
  return order.timeline.some(({ type }) => type === "order.placed");
}

function judgeOrder(shop: SimulatedShop, order: OrderRecord, complain: Complain): void {
  const { keptMinor, reserved } = shop.provider.money(order.id);
  if (!hasEnded(order)) {
    complain("I7", order.id, `stuck at ${order.saga.step}, ${order.status}`);
    return;
  }
  if (reserved) complain("I4", order.id, "its money is still reserved");
  const placed = wasPlaced(order);
  if (keptMinor !== (placed ? order.totals.totalMinor - refundedMinor(order) : 0)) {
    complain("I3", order.id, `${order.status}, refunded ${refundedMinor(order)}, the provider keeps ${keptMinor}`);
  }
  for (const sku of SKUS) {
    const ordered = unitsOf(order.lines, sku);
    const out = unitsOut(shop, order.id, sku) - unitsBackByHold(shop, order.id, sku);
    if (out !== (placed ? ordered : 0)) complain("I4", order.id, `${order.status}, ordered ${ordered} of ${sku}, ${out} left`);
  }
  const { subtotalMinor, discountMinor, shippingMinor, totalMinor } = order.totals;
  const lines = order.lines.reduce((sum, line) => sum + line.unitPriceMinor * line.quantity, 0);
  if (lines !== subtotalMinor || subtotalMinor - discountMinor + shippingMinor !== totalMinor) {
    complain("I11", order.id, JSON.stringify(order.totals));
  }
  judgeTimeline(order, complain);
}

const ENDS: Readonly<Record<string, OrderRecord["status"]>> = {
  "order.placed": "placed",
  "order.failed": "failed",
  "order.cancelled": "cancelled",
  "order.completed": "completed",
};

/** Each thing happens to an order once, and the last of them is what it says that it is. */
function judgeTimeline(order: OrderRecord, complain: Complain): void {
  const types = order.timeline.map(({ type }) => type);
  const once = types.filter((type) => type !== "order.refunded" && type !== "order.shipped");
  if (new Set(once).size !== once.length) complain("I5", order.id, `happened twice: ${types.join(", ")}`);
  const last = types.findLast((type) => type in ENDS) ?? "";
  const status = order.status === "fulfilled" ? "placed" : order.status;
  if (ENDS[last] !== status) complain("I12", order.id, `${order.status} after ${types.join(", ")}`);
  const paid = order.refunds.filter((refund) => refund.step === "done" && refund.amountMinor > 0);
  if (types.filter((type) => type === "order.refunded").length !== paid.length) {
    complain("I5", order.id, `${paid.length} refunds were paid: ${types.join(", ")}`);
  }
}

function judgeStock(shop: SimulatedShop, sku: SkuName, complain: Complain): void {
  const stock = shop.stock(sku).now;
  const view = stock.view();
  const { movements } = stock;
  if (movements.some((movement, index) => movement.sequence !== index + 1)) complain("I10", sku, "its journal has a gap");
  let journal = 0;
  let brought = 0;
  for (const { kind, quantity } of movements) {
    if (kind === "committed") journal -= quantity;
    else if (kind !== "held" && kind !== "released" && kind !== "expired") journal += quantity;
    if (kind === "opened" || kind === "adjusted") brought += quantity;
  }
  if (journal !== view.onHand) complain("I1", sku, `${view.onHand} on hand, the journal adds up to ${journal}`);
  if (view.held !== 0) complain("I1", sku, `${view.held} are held for nobody`);
  const sold = unitsSold(shop, sku);
  if (view.onHand - view.backordered !== brought - sold) {
    complain("I1", sku, `${brought} came in, ${sold} were sold, ${view.onHand} on hand, ${view.backordered} owed`);
  }
  const resolutions = new Map<string, number>();
  for (const { resolvesHold, reference } of movements) {
    if (resolvesHold) resolutions.set(reference, (resolutions.get(reference) ?? 0) + 1);
  }
  for (const hold of stock.holds.values()) {
    const expected = hold.state === "held" || hold.quantity === 0 ? 0 : 1;
    if ((resolutions.get(hold.id) ?? 0) !== expected) complain("I2", `${sku} ${hold.id}`, `${hold.state}, resolved otherwise`);
  }
}

/** Ordered and placed, less what refunds have put back. */
function unitsSold(shop: SimulatedShop, sku: SkuName): number {
  let sold = 0;
  for (const order of shop.tables.orders.values()) {
    if (!wasPlaced(order)) continue;
    sold += unitsOf(order.lines, sku);
    for (const refund of order.refunds) if (refund.step === "done") sold -= unitsOf(refund.restock, sku);
  }
  return sold;
}

/** Put back under the hold's own name: an order that failed after its stock was committed. */
function unitsBackByHold(shop: SimulatedShop, orderId: string, sku: SkuName): number {
  let units = 0;
  const { now } = shop.stock(sku);
  for (const { kind, reference, quantity } of now.movements) {
    if (kind !== "restocked" || !reference.startsWith(`${orderId}~`)) continue;
    if (now.holds.get(reference)?.putBack !== true) units += quantity;
  }
  return units;
}

function unitsOf(lines: readonly { readonly sku: string; readonly quantity: number }[], sku: string): number {
  return lines.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);
}

/** Every committed event is in every follower once, in order; numbers have no gap. */
function judgeLog({ tables, followers }: SimulatedShop, complain: Complain): void {
  const { events, published } = tables;
  if (events.some(({ sequence }, index) => sequence !== index + 1)) complain("I10", "order log", "has a gap");
  if (published !== events.length) complain("I6", "order log", `published to ${published} of ${events.length}`);
  for (const { node, applied } of followers) {
    const same = applied.length === events.length && applied.every((event, index) => event.id === events[index]?.id);
    if (!same) complain("I6", node.name, `applied ${applied.map(({ sequence }) => sequence).join(" ")} of ${events.length}`);
  }
  const numbers = [...tables.orders.values()].flatMap(({ number }) => (number === null ? [] : [number]));
  if (new Set(numbers).size !== tables.numbers) complain("I10", "order numbers", numbers.join(" "));
}

/** The ledger is what the events say; debits equal credits or it throws. */
function judgeLedger({ tables, provider }: SimulatedShop, complain: Complain): void {
  const owed = new Map<string, number>();
  for (const { account, direction, amountMinor, orderId } of ledgerEntries(tables.events, [])) {
    if (account === "unallocated_refunds") complain("I3", orderId, `paid back ${amountMinor} more than was sold`);
    if (account !== "provider_receivable") continue;
    owed.set(orderId, (owed.get(orderId) ?? 0) + (direction === "debit" ? amountMinor : -amountMinor));
  }
  for (const orderId of tables.orders.keys()) {
    const { keptMinor } = provider.money(orderId);
    if ((owed.get(orderId) ?? 0) !== keptMinor) complain("I3", orderId, `ledger ${owed.get(orderId)}, provider ${keptMinor}`);
  }
  for (const { orderId } of provider.payments.values()) {
    if (!tables.orders.has(orderId)) complain("I4", orderId, "was charged and does not exist");
  }
}

/** Answers that are kept under their key. Others refuse before anything starts. */
const KEPT_ERRORS: readonly string[] = [
  "out_of_stock",
  "sku_unavailable",
  "payment_declined",
  "payment_rejected",
  "price_changed",
];

function judgeKeys(shop: SimulatedShop, told: Told, complain: Complain): void {
  for (const [key, given] of told.checkouts) {
    const outcomes = given.flatMap((answer) => {
      if (answer.ok) return [answer.value.order.id];
      return KEPT_ERRORS.includes(answer.error.code) ? [answer.error.code] : [];
    });
    if (new Set(outcomes).size > 1) complain("I5", key, `was answered ${outcomes.join(", ")}`);
  }
  const placed = new Map<string, number>();
  for (const order of shop.tables.orders.values()) {
    if (wasPlaced(order)) placed.set(order.cartId, (placed.get(order.cartId) ?? 0) + 1);
  }
  for (const [cartId, count] of placed) if (count > 1) complain("I5", cartId, `was ordered ${count} times`);
}

function judgePromises(shop: SimulatedShop, { cancelled, refunded }: Told, complain: Complain): void {
  for (const orderId of cancelled) {
    const status = shop.tables.orders.get(orderId)?.status;
    if (status !== "cancelled") complain("I5", orderId, `was said to be cancelled, and is ${status}`);
  }
  for (const promise of refunded) {
    const [orderId = "", key] = promise.split(" ");
    const refund = shop.tables.orders.get(orderId)?.refunds.find((known) => known.key === key);
    if (refund?.step !== "done") complain("I5", promise, `was said to be paid back, and is ${refund?.step}`);
  }
}
