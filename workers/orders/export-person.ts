/** Everything that orders knows about a person: their carts, their orders as operators see them, and their proven addresses. */
import type { Cart } from "../../durable-objects/checkout-partition/contract.ts";
import { isoTime } from "../shared/clock.ts";
import { parsePartitionName } from "../shared/identifiers.ts";
import { moneyJson } from "../shared/money.ts";
import { type Person, type PersonPage, type PersonSection, pageOf } from "../shared/privacy.ts";
import { partitionExists } from "./access.ts";
import { addressJson } from "./address-json.ts";
import { readPartition } from "./call-partition.ts";
import type { Env } from "./env.ts";
import { addressesOf } from "./find-person-orders.ts";
import { adminOrderJson } from "./order-json.ts";
import { PARTITIONS_PER_CALL, readPosition, type Visit, visitsFor, writePosition } from "./person-pages.ts";

export async function exportPerson(env: Env, asked: Person, cursor: string | null): Promise<PersonPage> {
  const person = { ...asked, emails: [...(await addressesOf(env.DATABASE, asked.customerId, asked.emails))] };
  const visits = await visitsFor(env.DATABASE, person);
  const sections: PersonSection[] = cursor === null ? [addressSection(person)] : [];
  let { visit, after } = readPosition(cursor);
  for (let calls = 0; calls < PARTITIONS_PER_CALL && visit < visits.length; calls++) {
    const read = await readVisit(env, person, visits[visit] as Visit, after);
    sections.push(read.section);
    if (read.next === null) visit += 1;
    after = read.next ?? "";
  }
  return pageOf(sections, visit < visits.length ? writePosition({ visit, after }) : null);
}

async function readVisit(env: Env, { customerId, emails }: Person, visit: Visit, after: string) {
  const partition = parsePartitionName(visit.partition);
  if (visit.kind === "carts") {
    const { carts, next } = await readPartition(env, partition, (stub) => stub.listCartsOf({ customerId, emails }, after));
    return { section: { name: "Carts", records: carts.map(cartRecord) }, next };
  }
  const orders = (await partitionExists(env, partition))
    ? await readPartition(env, partition, (stub) => stub.readOrders(visit.orderIds))
    : [];
  return { section: { name: "Orders", records: orders.map(adminOrderJson) }, next: null };
}

function addressSection({ customerId, emails }: Person): PersonSection {
  const records = customerId === null ? [] : emails.map((email) => ({ email }));
  return { name: "Addresses whose guest orders are shown in the account", records };
}

function cartRecord(cart: Cart) {
  return {
    id: cart.id,
    state: cart.state,
    email: cart.email,
    shipping_address: cart.shippingAddress === null ? null : addressJson(cart.shippingAddress),
    lines: cart.lines.map(({ quote, quantity }) => ({ sku: quote.sku, title: quote.title, quantity })),
    total: moneyJson(cart.totals.totalMinor, cart.currency),
    order_id: cart.orderId,
    expires_at: isoTime(cart.expiresAtMs),
  };
}
