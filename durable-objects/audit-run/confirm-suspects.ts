/**
 * Looks a second time at the orders that looked wrong, and at nothing else: their log, account, stock, money and rows are read
 * again. What is found again while the order itself has not changed is a violation; an order that keeps changing is in flight.
 */
import { partitionOfSource } from "../../queues/contracts/order-events.ts";
import { SKUS_READ_MAX, type StockAccount } from "../../workers/inventory/contract.ts";
import { BOOKS_EVENTS } from "../../workers/orders/contract.ts";
import { partitionName, partitionOf } from "../../workers/shared/identifiers.ts";
import type { Finding } from "./finding.ts";
import { type Evidence, fingerprintOf, judgeOrder } from "./judge-order.ts";
import { factsOf } from "./order-facts.ts";
import { compareAll, evidenceOf } from "./read-evidence.ts";
import { storePayments } from "./read-payments.ts";
import { storeCommitted } from "./read-stock.ts";
import type { RunStore } from "./run-store.ts";
import type { Phase, StepContext } from "./step.ts";

/** Their SKUs are read in one call. */
const SUSPECTS_PER_STEP = 20;
const ROUNDS_MAX = 4;
const PAGES_PER_STEP = 6;
/** Behind every order's id: no orders are wanted, only events. */
const BEHIND_ALL_ORDERS = "~";

interface ConfirmCursor {
  readonly looked: number;
}

type SuspectRow = { order_id: string; fingerprint: string; findings: string; rounds: number };

export const confirmSuspects: Phase<ConfirmCursor> = {
  name: "confirming",
  looksUp: true,
  async step(run, cursor) {
    const { store } = run;
    const looked = cursor?.looked ?? 0;
    const suspects = store.all<SuspectRow>(`SELECT * FROM suspects ORDER BY rounds, order_id LIMIT ${SUSPECTS_PER_STEP}`);
    if (suspects.length === 0) return { next: null, done: looked, of: looked, write: () => undefined };
    const orderIds = suspects.map((suspect) => suspect.order_id);
    const logsAreRead = await readNewEvents(run, orderIds);
    const evidence = logsAreRead ? await readAgain(run, orderIds) : [];
    const verdicts = evidence.map((one) => verdictOf(one, suspects));
    return {
      next: { looked: looked + verdicts.filter((verdict) => verdict.kind !== "again").length },
      done: looked,
      of: looked + store.count("suspects"),
      inFlight: verdicts.filter((verdict) => verdict.kind === "moving").length,
      write: () => {
        for (const verdict of verdicts) settle(store, verdict);
      },
    };
  },
};

type Verdict =
  | { readonly kind: "clean" | "moving"; readonly orderId: string }
  | { readonly kind: "wrong"; readonly orderId: string; readonly findings: readonly Finding[] }
  | { readonly kind: "again"; readonly orderId: string; readonly fingerprint: string; readonly findings: readonly Finding[] };

function verdictOf(evidence: Evidence, suspects: readonly SuspectRow[]): Verdict {
  const { orderId } = evidence.facts;
  const before = suspects.find((suspect) => suspect.order_id === orderId);
  const findings = judgeOrder(evidence);
  const fingerprint = fingerprintOf(evidence);
  if (before === undefined || findings.length === 0) return { kind: "clean", orderId };
  if (fingerprint !== before.fingerprint) {
    return before.rounds < ROUNDS_MAX ? { kind: "again", orderId, fingerprint, findings } : { kind: "moving", orderId };
  }
  const seen = new Set((JSON.parse(before.findings) as Finding[]).map(({ invariant, subject }) => `${invariant} ${subject}`));
  const same = findings.filter(({ invariant, subject }) => seen.has(`${invariant} ${subject}`));
  return same.length > 0 ? { kind: "wrong", orderId, findings: same } : { kind: "clean", orderId };
}

function settle(store: RunStore, verdict: Verdict): void {
  if (verdict.kind === "again") {
    const { orderId, fingerprint, findings } = verdict;
    store.write(
      "UPDATE suspects SET fingerprint = ?, findings = ?, rounds = rounds + 1 WHERE order_id = ?",
      fingerprint,
      JSON.stringify(findings),
      orderId,
    );
    return;
  }
  if (verdict.kind === "wrong") store.report(verdict.findings);
  store.write("DELETE FROM suspects WHERE order_id = ?", verdict.orderId);
}

/** @returns false when a log goes on behind what was read now: the next step reads on. */
async function readNewEvents({ store, owners, asker }: StepContext, orderIds: readonly string[]): Promise<boolean> {
  const names = new Set(orderIds.map(partitionNameOf));
  for (let pages = 0; pages < PAGES_PER_STEP; pages++) {
    const rows = store.all<{ name: string; after_sequence: number }>(
      "SELECT name, after_sequence FROM partitions WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name",
      JSON.stringify([...names]),
    );
    if (rows.length === 0) return true;
    const cursors = rows.map((row) => ({
      partition: row.name,
      afterOrderId: BEHIND_ALL_ORDERS,
      afterSequence: row.after_sequence,
    }));
    const answers = await asker.ask("orders", () => owners.ORDERS.readPartitionBooks(cursors));
    answers.forEach(({ events }, index) => {
      const last = events.at(-1);
      if (events.length < BOOKS_EVENTS) names.delete(rows[index]?.name ?? "");
      if (last === undefined) return;
      store.transaction(() => {
        store.storeEvents(events);
        const name = partitionOfSource(last.source);
        store.write("UPDATE partitions SET after_sequence = ? WHERE name = ?", last.sequence, name);
      });
    });
    if (names.size === 0) return true;
  }
  return false;
}

function partitionNameOf(orderId: string): string {
  const partition = partitionOf(orderId);
  return partition === undefined ? "" : partitionName(partition);
}

/** What is read here replaces what the run read first. */
async function readAgain(run: StepContext, orderIds: readonly string[]): Promise<readonly Evidence[]> {
  const { store, owners, asker, context } = run;
  const accounts = await asker.ask("orders", () => owners.ORDERS.readOrderAccounts(orderIds));
  const facts = accounts.map(factsOf);
  const skus = [...new Set(facts.flatMap((one) => one.held.map((line) => line.sku)))];
  const histories = store.historiesOf(orderIds);
  const [stock, books, compared] = await Promise.all([
    readAccounts(run, skus),
    asker.ask("payments", () => owners.PAYMENTS.readBooksOf(orderIds, context)),
    compareAll(run, histories),
  ]);
  store.transaction(() => {
    store.write("DELETE FROM committed WHERE order_id IN (SELECT value FROM json_each(?))", JSON.stringify(orderIds));
    for (const account of stock) storeCommitted(store, account);
    storePayments(store, books);
  });
  return evidenceOf(store, facts, histories, compared.differences);
}

/** An answer may end early: what is left out is asked for again. */
async function readAccounts({ owners, asker }: StepContext, skus: readonly string[]): Promise<readonly StockAccount[]> {
  const accounts: StockAccount[] = [];
  while (accounts.length < skus.length) {
    const asked = skus.slice(accounts.length, accounts.length + SKUS_READ_MAX);
    const answer = await asker.ask("inventory", () => owners.INVENTORY.readAccounts(asked));
    if (answer.length === 0) throw new Error(`inventory gives no account of ${asked[0]}`);
    accounts.push(...answer);
  }
  return accounts;
}
