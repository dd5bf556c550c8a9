/**
 * Reads every store through its owner and checks the invariants. Followers catch up first, so that a lost queue message
 * is no violation. What looks wrong is read a second time: only what is wrong twice is reported.
 */
import { partitionOfSource } from "../../queues/contracts/order-events.ts";
import { systemClock } from "../shared/clock.ts";
import type { CallContext } from "../shared/telemetry.ts";
import {
  checkMails,
  checkPartition,
  checkProjected,
  checkSales,
  checkUnprojected,
  countMail,
  type MailCount,
  salesOf,
} from "./check-followers.ts";
import { checkHolds } from "./check-holds.ts";
import { checkBalances, checkPayment, checkUnpaid } from "./check-money.ts";
import { checkOrder } from "./check-order.ts";
import type { AuditReport } from "./contract.ts";
import type { Env } from "./env.ts";
import { Findings } from "./findings.ts";
import { factsOf, type OrderFacts } from "./order-facts.ts";
import { ask, readPages, SMALL_ROWS } from "./read-pages.ts";
import { readStock } from "./read-stock.ts";

/** @throws when a peer does not answer: an audit of half the books would prove nothing. */
export async function runAudit(env: Env, context: CallContext): Promise<AuditReport> {
  const startedAtMs = systemClock.now();
  const first = await runPass(env, context);
  if (first.clean) return first.report(systemClock.now() - startedAtMs);
  const second = await runPass(env, context);
  return second.confirmedBy(first, systemClock.now() - startedAtMs);
}

async function runPass(env: Env, context: CallContext): Promise<Findings> {
  const findings = new Findings();
  await catchUpFollowers(env, context);
  const salesBefore = await ask("analytics", () => env.ANALYTICS.salesTotals());
  const orders = await readOrders(env, findings);
  findings.add(checkHolds(orders, await readStock(env, findings)));
  await catchUpFollowers(env, context);
  await readPayments(env, context, orders, findings);
  await readProjection(env, orders, findings);
  await readMails(env, orders, findings);
  await readRevocations(env, findings);
  const salesAfter = await ask("analytics", () => env.ANALYTICS.salesTotals());
  findings.checked("I12", salesAfter.length);
  findings.add(checkSales(salesBefore, salesOf(orders.values()), salesAfter));
  return findings;
}

async function catchUpFollowers(env: Env, context: CallContext): Promise<void> {
  await Promise.all([
    ask("orders", () => env.ORDERS.catchUp(context)),
    ask("payments", () => env.PAYMENTS.catchUp(context)),
    ask("notifications", () => env.NOTIFICATIONS.catchUp(context)),
    ask("analytics", () => env.ANALYTICS.catchUp(context)),
  ]);
}

async function readOrders(env: Env, findings: Findings): Promise<ReadonlyMap<string, OrderFacts>> {
  const orders = new Map<string, OrderFacts>();
  for (const source of await ask("orders", () => env.ORDERS.listSources())) {
    const partition = partitionOfSource(source);
    const account = await ask("orders", () => env.ORDERS.readPartitionAccount(partition));
    findings.checked("I10", account.eventCount);
    findings.add(checkPartition(account));
    const pages = readPages(
      "orders",
      (after, limit) => env.ORDERS.listOrderAccounts(partition, after, limit),
      (item) => item.order.id,
    );
    for await (const page of pages) {
      const nowMs = systemClock.now();
      for (const item of page) {
        orders.set(item.order.id, factsOf(item));
        if (!item.sagaEnded) findings.sawInFlight();
        findings.add(checkOrder(item, nowMs));
      }
      for (const invariant of ["I4", "I5", "I7", "I11"] as const) findings.checked(invariant, page.length);
    }
  }
  return orders;
}

async function readPayments(
  env: Env,
  context: CallContext,
  orders: ReadonlyMap<string, OrderFacts>,
  findings: Findings,
): Promise<void> {
  const paid = new Set<string>();
  const pages = readPages(
    "payments",
    (after, limit) => env.PAYMENTS.listBooks(after, limit, context),
    (books) => books.paymentId,
  );
  for await (const page of pages) {
    for (const books of page) {
      paid.add(books.orderId);
      findings.add(checkPayment(books, orders.get(books.orderId)));
    }
    findings.checked("I3", page.length);
  }
  findings.add(checkUnpaid(orders, paid));
  findings.add(checkBalances(await ask("payments", () => env.PAYMENTS.ledgerBalances())));
}

async function readProjection(env: Env, orders: ReadonlyMap<string, OrderFacts>, findings: Findings): Promise<void> {
  const projected = new Set<string>();
  const pages = readPages(
    "orders",
    (after, limit) => env.ORDERS.listProjectedOrders(after, limit),
    (row) => row.orderId,
    SMALL_ROWS,
  );
  for await (const page of pages) {
    for (const row of page) {
      projected.add(row.orderId);
      findings.add(checkProjected(row, orders.get(row.orderId)));
    }
    findings.checked("I12", page.length);
  }
  findings.checked("I6", orders.size);
  findings.add(checkUnprojected(orders, projected));
}

async function readMails(env: Env, orders: ReadonlyMap<string, OrderFacts>, findings: Findings): Promise<void> {
  const counts = new Map<string, MailCount>();
  const pages = readPages(
    "notifications",
    (after, limit) => env.NOTIFICATIONS.listSent(after, limit),
    (sent) => sent.id,
    SMALL_ROWS,
  );
  for await (const page of pages) {
    for (const sent of page) countMail(counts, sent);
    findings.checked("I6", page.length);
  }
  findings.add(checkMails(orders, counts));
}

async function readRevocations(env: Env, findings: Findings): Promise<void> {
  const { checked, violations } = await ask("identity", () => env.IDENTITY.checkRevocations());
  findings.checked("I9", checked);
  findings.add(violations.map(({ sessionId, detail }) => ({ invariant: "I9", subject: sessionId, detail })));
}
