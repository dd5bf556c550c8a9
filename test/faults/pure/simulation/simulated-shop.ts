/**
 * A whole shop in one process and in virtual time: the real CheckoutPartition, the real cart-wide stock commands over the
 * real stock decisions, the real publisher and followers; a model of the payment provider; and a network between them.
 */

import type { Cart } from "../../../../durable-objects/checkout-partition/contract.ts";
import type { PartitionEnv } from "../../../../durable-objects/checkout-partition/env.ts";
import type { OrderRecord } from "../../../../durable-objects/checkout-partition/order-record.ts";
import type { Env as InventoryEnv } from "../../../../workers/inventory/env.ts";
import { holdCart } from "../../../../workers/inventory/hold-cart.ts";
import { holdTogether } from "../../../../workers/inventory/hold-together.ts";
import { commitHold, releaseHold } from "../../../../workers/inventory/resolve-hold.ts";
import { restockLines } from "../../../../workers/inventory/restock-lines.ts";
import { rememberOpened } from "../../../../workers/inventory/touch-stock.ts";
import { ok } from "../../../../workers/shared/result.ts";
import type { CallContext } from "../../../../workers/shared/telemetry.ts";
import { ModelProvider } from "../../model-provider.ts";
import { HISTORY_MS, type History, SKUS, type SkuName } from "./history.ts";
import { MemoryFollower } from "./memory-follower.ts";
import { type MessageKind, Network } from "./network.ts";
import { PartitionHost } from "./partition-host.ts";
import { StockNode } from "./stock-node.ts";
import { Node, VirtualTime } from "./virtual-time.ts";

export const CONTEXT: CallContext = {
  requestId: "simulation",
  traceparent: "00-11111111111111111111111111111111-1111111111111111-00",
};
export const ORDER_SOURCE = "/orders/partitions/0-0";
const START_MS = Date.UTC(2026, 10, 21, 9);
/** By then every hold has ended and every retry has come, whatever the clocks said. */
const SETTLED_MS = HISTORY_MS + 60 * 60_000;

export class SimulatedShop {
  readonly time: VirtualTime;
  readonly network: Network;
  readonly host: PartitionHost;
  readonly provider = new ModelProvider();
  readonly stocks: ReadonlyMap<SkuName, StockNode>;
  readonly followers: readonly MemoryFollower[];
  /** Shoppers and operators. */
  readonly street = new Node("street");
  readonly partition = new Node("partition");
  readonly inventory = new Node("inventory");
  readonly payments = new Node("payments");
  /** What must never be seen, at whatever moment. */
  readonly violations: string[] = [];
  readonly trace: string[] = [];
  readonly #tracing: boolean;

  constructor(history: History, tracing: boolean) {
    this.#tracing = tracing;
    this.time = new VirtualTime(START_MS, history.seed);
    const fates = new Map(history.fates.map(({ kind, nth, fate }) => [`${kind} ${nth}`, fate]));
    this.network = new Network(this.time, fates, (line) => this.note(line));
    const stockOf = (sku: SkuName) => new StockNode(sku, history.stock[sku], history.backorderable, this.time);
    this.stocks = new Map(SKUS.map((sku) => [sku, stockOf(sku)]));
    // What opens a SKU is inventory's database, which has no part here.
    for (const sku of SKUS) rememberOpened(sku);
    const readLog = (node: Node) => (after: number, limit: number) =>
      this.network.call(node, this.partition, "read_events", `after ${after}`, () => this.host.object.readEvents(after, limit));
    this.followers = ["ledger", "views"].map((name) => {
      const follower: MemoryFollower = new MemoryFollower(name, this.time, this.network, (after, limit) =>
        readLog(follower.node)(after, limit),
      );
      return follower;
    });
    this.host = new PartitionHost(this.time, this.partition, this.#bindings());
    this.tables.watch = (order) => this.#watch(order);
  }

  get tables() {
    return this.host.tables;
  }

  note(line: () => string): void {
    if (this.#tracing) this.trace.push(`${((this.time.nowMs - START_MS) / 1_000).toFixed(3)} s  ${line()}`);
  }

  stock(sku: SkuName): StockNode {
    const stock = this.stocks.get(sku);
    if (stock === undefined) throw new Error(`no stock of ${sku}`);
    return stock;
  }

  /** The order that this cart is, or was last. */
  orderOf(cartId: string): string | undefined {
    let last: string | undefined;
    for (const order of this.tables.orders.values()) if (order.cartId === cartId) last = order.id;
    return last;
  }

  putCart(cart: Cart): void {
    this.tables.carts.set(cart.id, cart);
  }

  /** Somebody outside asks the partition for something. */
  ask<T>(kind: MessageKind, about: string, command: () => Promise<T>): Promise<T> {
    return this.network.call(this.street, this.partition, kind, about, command);
  }

  /** The provider says that the payment changed; nobody says it again. */
  webhook(orderId: string, delayMs: number): void {
    this.time.later(delayMs, this.payments, () => {
      const notify = () => this.host.object.resumePayment(orderId, CONTEXT);
      this.network.call(this.payments, this.partition, "webhook", orderId, notify).catch(() => undefined);
    });
  }

  /** Runs what the history brings, then lets everything come to rest without further faults. */
  async run(): Promise<void> {
    await this.time.run(START_MS + HISTORY_MS);
    this.network.reliable = true;
    await this.time.run(START_MS + SETTLED_MS);
    for (const follower of this.followers) this.time.later(0, follower.node, () => void follower.catchUp(ORDER_SOURCE));
    await this.time.run(START_MS + SETTLED_MS + 60_000);
  }

  #bindings(): PartitionEnv {
    const { network, partition, inventory, payments, provider } = this;
    const asked = new Map(Array.from(this.stocks, ([sku, stock]) => [sku as string, stock.askedBy(inventory, network)]));
    const inventoryEnv = { SKU_STOCK: { getByName: (sku: string) => asked.get(sku) } } as unknown as InventoryEnv;
    type Inventory = PartitionEnv["INVENTORY"];
    type Payments = PartitionEnv["PAYMENTS"];
    const stock = <T>(kind: MessageKind, id: string, command: () => Promise<T>) =>
      network.call(partition, inventory, kind, id, command);
    const money = <T>(kind: MessageKind, id: string, command: () => T) => network.call(partition, payments, kind, id, command);
    const INVENTORY: Pick<Inventory, "hold" | "holdTogether" | "commit" | "release" | "restock"> = {
      hold: (command) => stock("hold", command.holdId, () => holdCart(inventoryEnv, command, CONTEXT)),
      holdTogether: (command) =>
        stock("hold", command.holds.map(({ holdId }) => holdId).join(" "), async () =>
          ok(await holdTogether(inventoryEnv, command)),
        ),
      commit: (command) => stock("commit", command.holdId, () => commitHold(inventoryEnv, command, CONTEXT)),
      release: (command) => stock("release", command.holdId, () => releaseHold(inventoryEnv, command, CONTEXT)),
      restock: (command) => stock("restock", command.reference, () => restockLines(inventoryEnv, command, CONTEXT)),
    };
    const PAYMENTS: Pick<Payments, "authorize" | "inspect" | "capture" | "cancel" | "refund"> = {
      authorize: (command) => money("authorize", command.orderId, () => provider.authorize(command)),
      inspect: (paymentId) => money("inspect", paymentId, () => provider.inspect(paymentId)),
      capture: (paymentId) => money("capture", paymentId, () => this.#capture(paymentId)),
      cancel: (paymentId) => money("void", paymentId, () => provider.cancel(paymentId)),
      refund: (command) => money("refund", command.refundId, () => provider.refund(command)),
    };
    const queues = this.followers.map((follower, index) => [`ORDER_EVENTS_${index}`, follower.queueFor(partition)] as const);
    const variables = { HOLD_MINUTES: "15", SHOP_CURRENCY: "GBP", CAPABILITY_SECRET: "only for simulations" };
    return { ...variables, INVENTORY, PAYMENTS, ...Object.fromEntries(queues) } as unknown as PartitionEnv;
  }

  /** An order that gives its hold back has done so when it ends: nobody waits for the hold's own end. */
  #watch({ id, saga }: OrderRecord): void {
    const unheld = saga.failure?.code === "out_of_stock" || saga.failure?.code === "sku_unavailable";
    if (saga.step !== "ended" || saga.failure === null || unheld) return;
    for (const { now } of this.stocks.values()) {
      for (const hold of now.holds.values()) {
        const live = hold.state === "held" && hold.expiresAtMs > now.nowMs;
        if (live && hold.id.startsWith(`${id}~`)) this.violations.push(`I7 ${hold.id}: still held when its order ended`);
      }
    }
  }

  /** Money is never taken before all units of the order have left the stock for it. */
  #capture(paymentId: string): ReturnType<ModelProvider["capture"]> {
    const orderId = this.provider.payments.get(paymentId)?.orderId ?? "";
    const answer = this.provider.capture(paymentId);
    if (answer.ok && unitsOut(this, orderId) < unitsOrdered(this, orderId)) {
      this.violations.push(`I4 ${orderId}: captured before its stock was committed`);
    }
    return answer;
  }
}

function unitsOrdered(shop: SimulatedShop, orderId: string): number {
  return shop.tables.orders.get(orderId)?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;
}

/** Units that left the stock for this order and did not come back with their hold. */
export function unitsOut(shop: SimulatedShop, orderId: string, of?: SkuName): number {
  let units = 0;
  for (const [sku, { now }] of shop.stocks) {
    if (of !== undefined && of !== sku) continue;
    for (const hold of now.holds.values()) {
      if (hold.state === "committed" && !hold.putBack && hold.id.startsWith(`${orderId}~`)) units += hold.quantity;
    }
  }
  return units;
}
