/**
 * A stand-in for the owners of the logs, reached over real RPC: tests fill its log and its orders, then lose, repeat and
 * reorder the messages about them. State lives in the isolate; `reset` empties it.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Event } from "../../../../queues/contracts/envelope.ts";
import { stockEventSource } from "../../../../queues/contracts/stock-events.ts";
import type { Order } from "../../../../workers/orders/contract.ts";

const logs = new Map<string, Event[]>();
const orders = new Map<string, Order>();
let outage = false;

function readLog(source: string, afterSequence: number, limit: number): Event[] {
  if (outage) throw new Error("the owner is down");
  return (logs.get(source) ?? []).filter((event) => event.sequence > afterSequence).slice(0, limit);
}

class FakeOwner extends WorkerEntrypoint {
  reset(): void {
    logs.clear();
    orders.clear();
    outage = false;
  }

  setOutage(down: boolean): void {
    outage = down;
  }

  addEvents(events: readonly Event[]): void {
    for (const event of events) logs.set(event.source, [...(logs.get(event.source) ?? []), event]);
  }

  addOrder(order: Order): void {
    orders.set(order.id, order);
  }

  readOrder(orderId: string) {
    if (outage) throw new Error("the owner is down");
    const order = orders.get(orderId);
    return order === undefined ? { ok: false, error: { code: "order_unknown" } } : { ok: true, value: order };
  }

  readOrdersForMessages(orderIds: readonly string[]) {
    if (outage) throw new Error("the owner is down");
    return orderIds.flatMap((orderId) => {
      const order = orders.get(orderId);
      return order === undefined ? [] : [{ order, token: `${orderId}.token` }];
    });
  }

  listSources(): string[] {
    return [...logs.keys()].filter((source) => source.startsWith("/orders/"));
  }
}

/** Orders and inventory name their logs differently: by source, by SKU. */
export class FakeOrders extends FakeOwner {
  readEvents(source: string, afterSequence: number, limit: number): Event[] {
    return readLog(source, afterSequence, limit);
  }

  /** Ends early, as orders may. */
  readEventsOf(
    cursors: readonly { source: string; afterSequence: number }[],
    limit: number,
  ): { source: string; events: Event[] }[] {
    const answered = cursors.slice(0, Math.ceil(cursors.length / 2));
    return answered.map(({ source, afterSequence }) => ({ source, events: readLog(source, afterSequence, limit) }));
  }
}

export class FakeInventory extends FakeOwner {
  readEvents(sku: string, afterSequence: number, limit: number): Event[] {
    return readLog(stockEventSource(sku), afterSequence, limit);
  }

  /** Ends early, as inventory may. */
  readEventsOf(cursors: readonly { sku: string; afterSequence: number }[], limit: number): { sku: string; events: Event[] }[] {
    const answered = cursors.slice(0, Math.ceil(cursors.length / 2));
    return answered.map(({ sku, afterSequence }) => ({ sku, events: this.readEvents(sku, afterSequence, limit) }));
  }

  listTouchedSkus(afterSku: string, limit: number): string[] {
    const skus = [...logs.keys()].flatMap((source) => source.split("/inventory/skus/")[1] ?? []).map(decodeURIComponent);
    return skus
      .sort()
      .filter((sku) => sku > afterSku)
      .slice(0, limit);
  }
}
