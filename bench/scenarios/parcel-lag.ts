/**
 * The same lag at the rate that followers are asked to bear: parcels of orders that stand already. Each is an event of an
 * order as its placing is, followed by the same four queues, and with a mail, but it costs the shop one request.
 */
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { isListed, isMailed, lagMeasurement, lagUntil, PROBES_PER_SECOND, watchedRate } from "../lag.ts";
import type { Scenario } from "../scenario.ts";
import type { Shop } from "../shop.ts";
import { Visitors } from "../visit.ts";
import { SHOPPERS, warmSkus } from "./buying.ts";

/** Enough for every partition, and for few parcels of each: an order's row holds its parcels. */
const LARGE_ORDERS = 64;
const UNITS = 200;
const TICK_MS = 10;

interface PlacedOrder {
  readonly id: string;
  readonly email: string;
  readonly sku: string;
}

async function place({ url }: Shop, sku: string, quantity: number): Promise<PlacedOrder> {
  const email = `${randomUUID()}@bench.example`;
  const visitors = new Visitors(url, { email, quantity });
  const visit = await visitors.visit(sku);
  visitors.close();
  if (visit.kind !== "bought") throw new Error(`an order for parcels was refused: ${JSON.stringify(visit)}`);
  return { id: visit.orderId, email, sku };
}

async function placeMany(shop: Shop, count: number, quantity: number): Promise<readonly PlacedOrder[]> {
  const placed: PlacedOrder[] = [];
  const skus = warmSkus();
  let next = 0;
  const buyer = async () => {
    for (let index = next++; index < count; index = next++)
      placed.push(await place(shop, skus[index % skus.length] ?? "", quantity));
  };
  await Promise.all(Array.from({ length: SHOPPERS }, buyer));
  return placed;
}

/** @returns whether it was */
async function ship({ client }: Shop, { id, sku }: PlacedOrder): Promise<boolean> {
  const headers = { "idempotency-key": randomUUID() };
  const parcel = client.admin("POST", `/v1/admin/orders/${id}/shipments`, { headers, body: { lines: [{ sku, quantity: 1 }] } });
  return await parcel.then(
    () => true,
    () => false,
  );
}

/** An order of one piece is fulfilled by its only parcel, and has had a mail already. */
async function lagOf(shop: Shop, order: PlacedOrder): Promise<number | null> {
  if (!(await ship(shop, order))) return null;
  const { client } = shop;
  return await lagUntil([() => isListed(client, order.email, "fulfilled"), () => isMailed(client, order.id, 2)]);
}

/** Closed: as many at a time as there are shoppers. @returns parcels a second */
async function shipAtPeak(shop: Shop, orders: readonly PlacedOrder[], seconds: number): Promise<number> {
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let next = 0;
  const operator = async () => {
    while (performance.now() < endsAt) await ship(shop, orders[next++ % orders.length] as PlacedOrder);
  };
  await Promise.all(Array.from({ length: SHOPPERS }, operator));
  return (next / (performance.now() - startedAt)) * 1_000;
}

export const parcelLag: Scenario = {
  title: "Event lag, parcel → list and mail",
  unit: "parcels",
  reference: "singleWrite",
  bar: { of: "p99Ms", atMost: 2_000 },
  rounds: "every",
  quick: false,
  async run(shop, { durationSeconds }) {
    const orders = await placeMany(shop, LARGE_ORDERS, UNITS);
    const [last, ...watched] = await placeMany(shop, 1 + Math.ceil(durationSeconds * PROBES_PER_SECOND), 1);
    const peak = await shipAtPeak(shop, orders, durationSeconds / 2);
    // What follows the peak is done when a parcel after it has been seen.
    await lagOf(shop, last as PlacedOrder);
    const perSecond = watchedRate(peak);
    const shipped: Promise<boolean>[] = [];
    const probes: Promise<number | null>[] = [];
    const beganAt = performance.now();
    const elapsed = () => Math.min(durationSeconds, (performance.now() - beganAt) / 1_000);
    while (elapsed() < durationSeconds) {
      while (probes.length < elapsed() * PROBES_PER_SECOND) probes.push(lagOf(shop, watched[probes.length] as PlacedOrder));
      while (shipped.length + probes.length < elapsed() * perSecond)
        shipped.push(ship(shop, orders[shipped.length % orders.length] as PlacedOrder));
      await delay(TICK_MS);
    }
    const refused = (await Promise.all(shipped)).filter((isShipped) => !isShipped).length;
    const seconds = (performance.now() - beganAt) / 1_000;
    const lags = await Promise.all(probes);
    return {
      measurement: lagMeasurement(lags, (shipped.length + probes.length) / seconds, refused),
      note: `${lags.length} parcels watched among ${perSecond.toFixed(0)} a second; peak ${peak.toFixed(0)}/s`,
    };
  },
};
