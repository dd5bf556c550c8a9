/** Every projection of the shop as rows, emptied, and rebuilt from the logs: the oracle that faults are judged by. */
import { newContext } from "../../../workers/shared/telemetry.ts";
import { world } from "../rig/outside-world.ts";
import { here, rig } from "../rig/wiring.ts";

interface Projection {
  readonly database: () => D1Database;
  readonly tables: readonly string[];
}

/** By the worker that keeps it. */
const PROJECTIONS: Readonly<Record<string, Projection>> = {
  orders: { database: () => rig.DATABASE_ORDERS, tables: ["orders", "follower_cursors"] },
  payments: { database: () => rig.DATABASE_PAYMENTS, tables: ["ledger_entries", "follower_cursors"] },
  notifications: { database: () => rig.DATABASE_NOTIFICATIONS, tables: ["notifications", "follower_cursors", "outbox_alarm"] },
  analytics: {
    database: () => rig.DATABASE_ANALYTICS,
    tables: [
      ...["order_facts", "country_sales", "product_sales", "product_titles"],
      ...["stock_skus", "stock_levels", "stock_movements", "follower_cursors"],
    ],
  },
};

/** Ids, and times of the follower's own, differ between two rebuilds. */
const OWN_COLUMNS = /^(?:id|attempts|next_attempt_at_ms|created_at_ms|sent_at_ms|provider_id|rings_at_ms)$/;
/** `created_at_ms` of an order is the event's. */
const KEPT = new Set(["orders.created_at_ms"]);

/** All rows of all projections, one text a row that begins with its worker, in a fixed order. */
export async function projectedRows(): Promise<string[]> {
  const rows: string[] = [];
  for (const [worker, { database, tables }] of Object.entries(PROJECTIONS)) {
    const answers = await database().batch<Record<string, unknown>>(
      tables.map((table) => database().prepare(`SELECT * FROM ${table}`)),
    );
    answers.forEach(({ results }, index) => {
      const table = tables[index] ?? "";
      if (table !== "outbox_alarm")
        rows.push(...results.map((row) => `${worker}.${table} ${JSON.stringify(comparable(table, row))}`));
    });
  }
  return rows.sort();
}

function comparable(table: string, row: Record<string, unknown>): [string, unknown][] {
  return Object.entries(row).filter(([column]) => KEPT.has(`${table}.${column}`) || !OWN_COLUMNS.test(column));
}

/** As on the day when the followers were new. */
export async function emptyProjections(): Promise<void> {
  for (const { database, tables } of Object.values(PROJECTIONS))
    await database().batch(tables.map((table) => database().prepare(`DELETE FROM ${table}`)));
  world.mails.length = 0;
}

/** Empties every projection and follows every log from zero, by the owners alone: no message is delivered. */
export async function rebuildProjections(): Promise<string[]> {
  await emptyProjections();
  const context = newContext();
  await here.orders().catchUp(context);
  await here.payments().catchUp(context);
  await here.analytics().catchUp();
  // Once more for each fifty mails.
  for (let unsent = Number.POSITIVE_INFINITY; unsent > 0; ) {
    await here.notifications().catchUp(context);
    const before = unsent;
    unsent = await queuedMails();
    if (unsent >= before) throw new Error(`${unsent} mails stay in the outbox`);
  }
  return await projectedRows();
}

async function queuedMails(): Promise<number> {
  const row = await rig.DATABASE_NOTIFICATIONS.prepare(
    "SELECT COUNT(*) AS count FROM notifications WHERE status = 'queued'",
  ).first<{
    count: number;
  }>();
  return row?.count ?? 0;
}

/** `<event>/<template>` of every mail that left, sorted: a repeated one is there twice. */
export function mailsSent(): string[] {
  return world.mails.map(({ key }) => key).sort();
}
