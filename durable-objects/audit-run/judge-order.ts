/**
 * One order against every other book: its log, its stock, its money and what followers made of it. All evidence is read one
 * after the other while the shop sells, so a finding counts only when a second reading gives it again. Pure.
 */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { OrderStatus } from "../../workers/orders/contract.ts";
import type { PaymentBooks } from "../../workers/payments/contract.ts";
import type { RowDifference } from "../../workers/shared/compare-rows.ts";
import { checkPayment } from "./check-money.ts";
import type { Finding } from "./finding.ts";
import { type OrderFacts, sameUnits, type Units } from "./order-facts.ts";

export interface Evidence {
  readonly facts: OrderFacts;
  /** Every event of the order, oldest first. */
  readonly history: readonly OrderEvent[];
  /** What SKUs committed for it, by hold id. */
  readonly committed: ReadonlyMap<string, readonly Units[]>;
  readonly payments: readonly PaymentBooks[];
  /** What its rows in projections are in place of what the log makes of them. */
  readonly differences: readonly RowDifference[];
}

export function judgeOrder(evidence: Evidence): readonly Finding[] {
  const { facts, differences } = evidence;
  const compared = differences.map(
    ({ kind, subject, detail }): Finding => ({ invariant: kind === "missing" ? "I6" : "I12", subject, detail }),
  );
  if (!facts.ended) return compared;
  return [...compared, ...judgeLog(evidence), ...judgeHolds(evidence), ...judgeMoney(evidence)];
}

/** Changes with every write of the order and with every event about it. */
export function fingerprintOf({ facts, history }: Pick<Evidence, "facts" | "history">): string {
  return `${facts.updatedAtMs} ${facts.status} ${facts.ended} ${history.at(-1)?.sequence ?? 0}`;
}

const STATUS_OF_EVENT: Readonly<Partial<Record<OrderEvent["type"], OrderStatus>>> = {
  "order.submitted": "submitted",
  "order.awaiting_payment": "awaiting_payment",
  "order.placed": "placed",
  "order.failed": "failed",
  "order.cancelled": "cancelled",
  "order.completed": "completed",
};

function statusAfter(status: OrderStatus | null, event: OrderEvent): OrderStatus | null {
  if (event.type === "order.shipped") return event.data.complete ? "fulfilled" : status;
  return STATUS_OF_EVENT[event.type] ?? status;
}

/** The order says of itself what its log tells: an event that was never written reaches nobody. */
function judgeLog({ facts, history }: Evidence): readonly Finding[] {
  const count = (type: OrderEvent["type"]) => history.filter((event) => event.type === type).length;
  const findings: Finding[] = [];
  const compare = (what: string, told: unknown, is: unknown) => {
    if (told === is) return;
    findings.push({ invariant: "I6", subject: facts.orderId, detail: `${what}: the log tells ${told}, the order is ${is}` });
  };
  compare("submitted", count("order.submitted"), 1);
  compare("placed", count("order.placed"), facts.placed ? 1 : 0);
  compare("shipments", count("order.shipped"), facts.shipments);
  compare("status", history.reduce(statusAfter, null), facts.status);
  const refunded = history.reduce((sum, event) => sum + (event.type === "order.refunded" ? event.data.amountMinor : 0), 0);
  if (facts.placed) compare("refunded", refunded, facts.refundedMinor);
  return findings;
}

/** Committed stock against the order, in both directions (I4). */
function judgeHolds({ facts, committed }: Evidence): readonly Finding[] {
  const findings: Finding[] = [];
  if (facts.placed && facts.committedHoldId !== null) {
    const units = committed.get(facts.committedHoldId);
    const detail = units === undefined ? "no SKU has its hold committed" : "the SKUs committed other quantities than it sold";
    if (units === undefined || !sameUnits(units, facts.held)) findings.push({ invariant: "I4", subject: facts.orderId, detail });
  }
  for (const holdId of committed.keys()) {
    // An order that failed after its commit knows its hold, and was restocked.
    if (holdId === facts.committedHoldId) continue;
    findings.push({ invariant: "I4", subject: `hold ${holdId}`, detail: `committed, but its order is ${facts.status}` });
  }
  return findings;
}

function judgeMoney({ facts, payments }: Evidence): readonly Finding[] {
  const books = booksOfOrder(payments);
  const unpaid = facts.capturedMinor > 0 && books === null;
  const detail = "is paid, but payments has no books of it";
  return [
    ...(books === null ? [] : checkPayment(books, facts)),
    ...(unpaid ? [{ invariant: "I3" as const, subject: facts.orderId, detail }] : []),
  ];
}

/** A declined payment beside the paid one has no part in the ledger, and nothing was charged by it. */
function booksOfOrder(payments: readonly PaymentBooks[]): PaymentBooks | null {
  return payments.reduce<PaymentBooks | null>((sum, books) => (sum === null ? books : addBooks(sum, books)), null);
}

function addBooks(left: PaymentBooks, right: PaymentBooks): PaymentBooks {
  const { capturedMinor: more = 0, refundedMinor: moreBack = 0 } = right.provider ?? {};
  const { capturedMinor = 0, refundedMinor = 0 } = left.provider ?? {};
  const status = [left, right].some((books) => books.provider?.status === "authorized") ? "authorized" : "captured";
  return {
    ...left,
    provider: { capturedMinor: capturedMinor + more, refundedMinor: refundedMinor + moreBack, status },
    ledger: left.ledger.capturedMinor > 0 ? left.ledger : right.ledger,
  };
}
