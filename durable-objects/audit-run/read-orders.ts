/** Every partition's orders and log, page by page: what each order must be by itself, and what the other books are held against. */
import { orderEventSource, partitionOfSource } from "../../queues/contracts/order-events.ts";
import { BOOKS_EVENTS, BOOKS_ORDERS, BOOKS_PARTITIONS_MAX, type PartitionBooks } from "../../workers/orders/contract.ts";
import { checkOrder } from "./check-order.ts";
import { checkLog, checkPartition } from "./check-partition.ts";
import { beyondTheEnd } from "./finding.ts";
import { factsOf } from "./order-facts.ts";
import type { Phase, StepContext, Stepped } from "./step.ts";

interface OrdersCursor {
  readonly read: number;
}

type PartitionRow = { name: string; after_order: string; after_sequence: number };

export const readOrders: Phase<OrdersCursor> = {
  name: "orders",
  looksUp: false,
  async step(run, cursor) {
    if (cursor !== null) return await readNext(run, cursor.read, partitionsToRead(run.store));
    const { sources, cursors } = await findLogs(run);
    const rows = sources.map((source) => ({ name: partitionOfSource(source), after_order: "", after_sequence: 0 }));
    const stepped = await readNext(run, 0, rows.slice(0, BOOKS_PARTITIONS_MAX));
    return {
      ...stepped,
      write() {
        const names = rows.map((row) => row.name);
        run.store.writeRows(INSERT_PARTITIONS, names);
        run.store.writeRows(INSERT_CURSORS, cursors);
        stepped.write();
      },
    };
  },
};

const INSERT_PARTITIONS =
  "INSERT INTO partitions (name, after_order, after_sequence, is_read) SELECT value, '', 0, 0 FROM json_each(?)";

const INSERT_CURSORS = `
  INSERT INTO cursors (source, follower, sequence)
  SELECT value ->> 'source', value ->> 'follower', value ->> 'sequence' FROM json_each(?)`;

/** Logs by their owner and by all who follow them: an owner that was set back in time has forgotten some, and is told. */
async function findLogs({ owners, asker }: StepContext) {
  const { ORDERS, PAYMENTS, NOTIFICATIONS, ANALYTICS } = owners;
  const followers = { orders: ORDERS, payments: PAYMENTS, notifications: NOTIFICATIONS, analytics: ANALYTICS };
  const answers = await Promise.all(
    Object.entries(followers).map(async ([follower, owner]) => {
      const cursors = await asker.ask(follower, () => owner.listCursors());
      return cursors.map(({ source, sequence }) => ({ follower, source, sequence }));
    }),
  );
  const cursors = answers.flat();
  const sources = [...new Set(cursors.map(({ source }) => source))].sort();
  const known = new Set(cursors.filter(({ follower }) => follower === "orders").map(({ source }) => source));
  const forgotten = sources.filter((source) => !known.has(source));
  if (forgotten.length > 0) await asker.ask("orders", () => ORDERS.rememberSources(forgotten));
  return { sources, cursors };
}

function partitionsToRead(store: StepContext["store"]): readonly PartitionRow[] {
  return store.all<PartitionRow>(
    `SELECT name, after_order, after_sequence FROM partitions WHERE is_read = 0 ORDER BY name LIMIT ${BOOKS_PARTITIONS_MAX}`,
  );
}

async function readNext(
  { store, owners, asker, nowMs }: StepContext,
  readBefore: number,
  rows: readonly PartitionRow[],
): Promise<Stepped<OrdersCursor>> {
  if (rows.length === 0) return { next: null, done: readBefore, of: readBefore, write: () => undefined };
  const cursors = rows.map((row) => ({
    partition: row.name,
    afterOrderId: row.after_order,
    afterSequence: row.after_sequence,
  }));
  const answers = await asker.ask("orders", () => owners.ORDERS.readPartitionBooks(cursors));
  if (answers.length === 0) throw new Error(`orders gives no books of partition ${rows[0]?.name}`);
  const read = readBefore + answers.reduce((sum, books) => sum + books.orders.length, 0);
  const inFlight = answers.flatMap((books) => books.orders).filter((account) => !account.sagaEnded).length;
  const isOver = rows.length < BOOKS_PARTITIONS_MAX && answers.length === rows.length && answers.every(isLastPage);
  return {
    next: isOver ? null : { read },
    done: read,
    of: isOver ? read : null,
    inFlight,
    write() {
      answers.forEach((books, index) => {
        const row = rows[index];
        if (row !== undefined) storeBooks(store, row, books, nowMs);
      });
    },
  };
}

function isLastPage({ orders, events }: PartitionBooks): boolean {
  return orders.length < BOOKS_ORDERS && events.length < BOOKS_EVENTS;
}

function storeBooks(store: StepContext["store"], row: PartitionRow, books: PartitionBooks, nowMs: number): void {
  const { account, orders, events } = books;
  if (account !== null) store.report(checkPartition(account));
  store.report(checkLog(orderEventSource(row.name), row.after_sequence, events));
  store.report(orders.flatMap((order) => checkOrder(order, nowMs)));
  store.checked("I10", events.length);
  for (const invariant of ["I4", "I5", "I7", "I11"] as const) store.checked(invariant, orders.length);
  store.writeRows(
    "INSERT OR REPLACE INTO orders (order_id, facts) SELECT value ->> 'orderId', value FROM json_each(?)",
    orders.map(factsOf),
  );
  store.storeEvents(events);
  store.write(
    "UPDATE partitions SET after_order = ?, after_sequence = ?, is_read = ? WHERE name = ?",
    orders.at(-1)?.order.id ?? row.after_order,
    events.at(-1)?.sequence ?? row.after_sequence,
    isLastPage(books) ? 1 : 0,
    row.name,
  );
  if (isLastPage(books)) checkCursors(store, orderEventSource(row.name), events.at(-1)?.sequence ?? row.after_sequence);
}

/** Cursors were read before the log, and logs only grow. */
function checkCursors(store: StepContext["store"], source: string, end: number): void {
  const cursors = store.all<{ follower: string; sequence: number }>(
    "SELECT follower, sequence FROM cursors WHERE source = ?",
    source,
  );
  store.checked("I12", cursors.length);
  store.report(
    cursors
      .filter(({ sequence }) => sequence > end)
      .map(({ follower, sequence }) => beyondTheEnd(source, follower, sequence, end)),
  );
}
