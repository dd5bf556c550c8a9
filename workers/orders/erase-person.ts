/**
 * Forgets a person in orders: carts are removed, ended orders lose whom they went to, and the list that operators search says
 * the same at once, so that it equals its rebuild all the time.
 */
import { parsePartitionName } from "../shared/identifiers.ts";
import { type ErasedPage, erasedOf, type OpenOrder, type Person } from "../shared/privacy.ts";
import { partitionExists } from "./access.ts";
import { readPartition } from "./call-partition.ts";
import type { Env } from "./env.ts";
import { addressesOf } from "./find-person-orders.ts";
import { PARTITIONS_PER_CALL, readPosition, type Visit, visitsFor, writePosition } from "./person-pages.ts";

interface Erased {
  readonly carts?: number;
  readonly orders?: number;
  readonly open?: readonly OpenOrder[];
  /** Where the visit goes on; null when it is over. */
  readonly next: string | null;
}

export async function erasePerson(env: Env, asked: Person, cursor: string | null): Promise<ErasedPage> {
  const person = { ...asked, emails: [...(await addressesOf(env.DATABASE, asked.customerId, asked.emails))] };
  const visits = await visitsFor(env.DATABASE, person);
  const open: OpenOrder[] = [];
  const counts = { carts: 0, orders: 0, confirmed_addresses: 0 };
  let { visit, after } = readPosition(cursor);
  for (let calls = 0; calls < PARTITIONS_PER_CALL && visit < visits.length; calls++) {
    const erased = await eraseVisit(env, person, visits[visit] as Visit, after);
    counts.carts += erased.carts ?? 0;
    counts.orders += erased.orders ?? 0;
    // Every page of the log says so again.
    if (after === "") open.push(...(erased.open ?? []));
    if (erased.next === null) visit += 1;
    after = erased.next ?? "";
  }
  // Last: they say whose the guests' carts are.
  if (visit >= visits.length) counts.confirmed_addresses = await disownAddresses(env, person);
  return { ...erasedOf(counts), open, next: visit < visits.length ? writePosition({ visit, after }) : null };
}

async function eraseVisit(env: Env, { customerId, emails }: Person, visit: Visit, after: string): Promise<Erased> {
  const partition = parsePartitionName(visit.partition);
  if (visit.kind === "carts") {
    const { removed, next } = await readPartition(env, partition, (stub) => stub.eraseCartsOf({ customerId, emails }, after));
    return { carts: removed, next };
  }
  if (!(await partitionExists(env, partition))) return { next: null };
  const { erased, open, next } = await readPartition(env, partition, (stub) =>
    stub.eraseOrders(visit.orderIds, after === "" ? 0 : Number(after)),
  );
  const kept = new Set(open.map((order) => order.orderId));
  await blankRows(
    env.DATABASE,
    visit.orderIds.filter((orderId) => !kept.has(orderId)),
  );
  return { orders: erased, open, next: next === null ? null : String(next) };
}

/** Of the list, and of one that is being rebuilt: it asked for the address before it was gone. */
async function blankRows(database: D1Database, orderIds: readonly string[]): Promise<void> {
  const ids = JSON.stringify(orderIds);
  await database.batch(
    ["orders", "rebuilt_orders"].map((table) =>
      database
        .prepare(`UPDATE ${table} SET email = '' WHERE email <> '' AND order_id IN (SELECT value FROM json_each(?))`)
        .bind(ids),
    ),
  );
}

async function disownAddresses(env: Env, { customerId }: Person): Promise<number> {
  if (customerId === null) return 0;
  const { meta } = await env.DATABASE.prepare("DELETE FROM confirmed_addresses WHERE customer_id = ?").bind(customerId).run();
  return meta.changes;
}
