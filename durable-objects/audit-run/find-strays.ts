/**
 * Rows about orders that no partition has: charges (I4), committed stock (I4), rows of projections (I12), mails (I6). An
 * order is durable before anything is done for it, so whatever the run has not read is asked for once more, and then certain.
 */
import type { PaymentBooks } from "../../workers/payments/contract.ts";
import { idSchema } from "../../workers/shared/identifiers.ts";
import type { Finding } from "./finding.ts";
import type { RunStore } from "./run-store.ts";
import type { Phase, StepContext } from "./step.ts";

const ROWS_PER_PAGE = 1_000;
/** Orders that are asked for in one call. */
const ORDERS_PER_CALL = 100;
/** What is no id at all is nobody's. */
const OrderId = idSchema("ord");

const LISTS = ["orders list", "ledger", "mails", "sales", "stock"] as const;
type List = (typeof LISTS)[number];

interface StraysCursor {
  readonly read: number;
  /** Where each list goes on; null: it is over. */
  readonly lists: Readonly<Partial<Record<List, string | null>>>;
}

interface ListPage {
  readonly list: List;
  readonly next: string | null;
  /** What the rows are about: orders, or SKUs for stock. */
  readonly subjects: readonly string[];
}

export const findStrays: Phase<StraysCursor> = {
  name: "strays",
  looksUp: true,
  async step(run, cursor) {
    if (cursor === null) return await findInBooks(run);
    const { store } = run;
    const pages = await Promise.all(
      LISTS.flatMap((list) => {
        const after = cursor.lists[list];
        return after === null || after === undefined ? [] : [readList(run, list, after)];
      }),
    );
    const strays = await Promise.all(pages.map((page) => straysOf(run, page)));
    const read = cursor.read + pages.reduce((sum, page) => sum + page.subjects.length, 0);
    const lists = Object.fromEntries(pages.map((page) => [page.list, page.next]));
    const isOver = pages.every((page) => page.next === null);
    return {
      next: isOver ? null : { read, lists },
      done: read,
      of: isOver ? read : null,
      write: () => store.report(strays.flat()),
    };
  },
};

/** Payments and committed holds that the run has read. */
async function findInBooks(run: StepContext) {
  const { store } = run;
  const unknown = (table: "payments" | "committed") =>
    store
      .all<{ id: string }>(
        `SELECT DISTINCT order_id AS id FROM ${table} WHERE order_id NOT IN (SELECT order_id FROM orders) ORDER BY 1`,
      )
      .map((row) => row.id);
  const missing = await missingOrders(run, [...new Set([...unknown("payments"), ...unknown("committed")])]);
  return {
    next: { read: 0, lists: Object.fromEntries(LISTS.map((list) => [list, ""])) },
    done: 0,
    of: null,
    write: () => store.report(missing.flatMap((orderId) => [...chargesOf(store, orderId), ...holdsOf(store, orderId)])),
  };
}

function chargesOf(store: RunStore, orderId: string): readonly Finding[] {
  return store.all<{ books: string }>("SELECT books FROM payments WHERE order_id = ?", orderId).flatMap((row): Finding[] => {
    const { paymentId, provider } = JSON.parse(row.books) as PaymentBooks;
    const kept = (provider?.capturedMinor ?? 0) - (provider?.refundedMinor ?? 0);
    const detail = `charged ${kept} for ${orderId}, which does not exist`;
    return kept === 0 ? [] : [{ invariant: "I4", subject: paymentId, detail }];
  });
}

function holdsOf(store: RunStore, orderId: string): readonly Finding[] {
  return store
    .all<{ id: string }>("SELECT DISTINCT hold_id AS id FROM committed WHERE order_id = ?", orderId)
    .map(({ id }) => ({ invariant: "I4", subject: `hold ${id}`, detail: "committed for an order that does not exist" }));
}

async function readList({ owners, asker }: StepContext, list: List, after: string): Promise<ListPage> {
  const page = (subjects: readonly string[], keys: readonly string[] = subjects): ListPage => ({
    list,
    subjects,
    next: keys.length < ROWS_PER_PAGE ? null : (keys.at(-1) ?? null),
  });
  switch (list) {
    case "orders list": {
      const rows = await asker.ask("orders", () => owners.ORDERS.listProjectedOrders(after, ROWS_PER_PAGE));
      return page(rows.map((row) => row.orderId));
    }
    case "ledger":
      return page(await asker.ask("payments", () => owners.PAYMENTS.listLedgerOrders(after, ROWS_PER_PAGE)));
    case "mails": {
      const rows = await asker.ask("notifications", () => owners.NOTIFICATIONS.listSent(after, ROWS_PER_PAGE));
      const keys = rows.map((row) => row.id);
      return page(
        rows.map((row) => row.orderId),
        keys,
      );
    }
    case "sales":
      return page(await asker.ask("analytics", () => owners.ANALYTICS.listFactOrders(after, ROWS_PER_PAGE)));
    case "stock":
      return page(await asker.ask("analytics", () => owners.ANALYTICS.listStockSkus(after, ROWS_PER_PAGE)));
  }
}

async function straysOf(run: StepContext, { list, subjects }: ListPage): Promise<readonly Finding[]> {
  const known = list === "stock" ? "SELECT sku FROM skus" : "SELECT order_id FROM orders";
  const unknown = run.store
    .all<{ id: string }>(
      `SELECT DISTINCT value AS id FROM json_each(?) WHERE value NOT IN (${known}) ORDER BY 1`,
      JSON.stringify(subjects),
    )
    .map((row) => row.id);
  if (list === "stock") return await strayStock(run, unknown);
  const missing = await missingOrders(run, unknown);
  const detail = `is in the ${list}, but no partition has it`;
  return missing.map((subject): Finding => ({ invariant: list === "mails" ? "I6" : "I12", subject, detail }));
}

/** Of these orders, those that their partitions do not have. */
async function missingOrders({ owners, asker }: StepContext, orderIds: readonly string[]): Promise<readonly string[]> {
  const askable = orderIds.filter((orderId) => OrderId.safeParse(orderId).success);
  const found = new Set<string>();
  for (let start = 0; start < askable.length; start += ORDERS_PER_CALL) {
    const asked = askable.slice(start, start + ORDERS_PER_CALL);
    const accounts = await asker.ask("orders", () => owners.ORDERS.readOrderAccounts(asked));
    for (const account of accounts) found.add(account.order.id);
  }
  return orderIds.filter((orderId) => !found.has(orderId));
}

/**
 * SKUs that inventory did not list. Those with a journal were touched since, or inventory was set back to before it knew that
 * they were used: it is told, and says which. This run has not read their books.
 */
async function strayStock({ owners, asker }: StepContext, skus: readonly string[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (let start = 0; start < skus.length; start += ORDERS_PER_CALL) {
    const asked = skus.slice(start, start + ORDERS_PER_CALL);
    const accounts = await asker.ask("inventory", () => owners.INVENTORY.readAccounts(asked));
    const used = accounts.filter((account) => account.sequence > 0).map((account) => account.sku);
    const forgotten = used.length === 0 ? [] : await asker.ask("inventory", () => owners.INVENTORY.rememberTouched(used));
    const unused = accounts.filter((account) => account.sequence === 0).map((account) => account.sku);
    findings.push(
      ...unused.map((sku): Finding => ({ invariant: "I12", subject: sku, detail: "has a stock report, but no journal" })),
      ...forgotten.map((sku): Finding => ({ invariant: "I12", subject: sku, detail: FORGOTTEN })),
    );
  }
  return findings;
}

const FORGOTTEN = "inventory had forgotten that it was ever used; it is remembered now: audit again";
