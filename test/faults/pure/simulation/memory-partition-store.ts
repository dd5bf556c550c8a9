/** The tables of a CheckoutPartition in memory, behind the face of its SQLite store. They outlive the object, as storage does. */
import type { StoredCheckout } from "../../../../durable-objects/checkout-partition/checkout-answer.ts";
import type { Cart } from "../../../../durable-objects/checkout-partition/contract.ts";
import type { OrderLog } from "../../../../durable-objects/checkout-partition/event-log.ts";
import { type EventDraft, sealEvent } from "../../../../durable-objects/checkout-partition/order-facts.ts";
import { dueAtMs, type OrderRecord } from "../../../../durable-objects/checkout-partition/order-record.ts";
import type { CheckoutKey } from "../../../../durable-objects/checkout-partition/start-checkout.ts";
import type { PartitionStore } from "../../../../durable-objects/checkout-partition/store.ts";
import type { OrderEvent } from "../../../../queues/contracts/order-events.ts";
import type { PartitionAccount } from "../../../../workers/orders/contract.ts";

export const PARTITION = "0-0";

/** What is on disk. */
export class PartitionTables {
  readonly carts = new Map<string, Cart>();
  readonly keys = new Map<string, CheckoutKey>();
  readonly orders = new Map<string, OrderRecord>();
  readonly dueAtMs = new Map<string, number>();
  readonly events: OrderEvent[] = [];
  published = 0;
  numbers = 0;
  tidyAtMs = 0;
  alarmAtMs: number | null = null;
  /** Hears of every order that is written. */
  watch: (order: OrderRecord) => void = () => undefined;
}

class MemoryEventLog implements OrderLog {
  readonly #tables: PartitionTables;
  /** The cursor in memory, until it is saved. */
  #published: number | null = null;

  constructor(tables: PartitionTables) {
    this.#tables = tables;
  }

  append(drafts: readonly EventDraft[], nowMs: number, traceparent: string): void {
    for (const draft of drafts) {
      const sequence = this.lastSequence() + 1;
      this.#tables.events.push(sealEvent(draft, { partition: PARTITION, sequence, nowMs, traceparent }));
    }
    this.savePublished();
  }

  read(afterSequence: number, limit: number): OrderEvent[] {
    return this.#tables.events.slice(afterSequence, afterSequence + limit);
  }

  lastSequence(): number {
    return this.#tables.events.length;
  }

  publishedSequence(): number {
    return this.#published ?? this.#tables.published;
  }

  setPublished(sequence: number): void {
    this.#published = Math.max(this.publishedSequence(), sequence);
  }

  savePublished(): void {
    this.#tables.published = this.publishedSequence();
  }

  forget(): void {}
}

export class MemoryPartitionStore implements Pick<PartitionStore, keyof PartitionStore> {
  readonly partition = PARTITION;
  readonly #tables: PartitionTables;
  readonly log: OrderLog;

  constructor(storage: { readonly tables: PartitionTables }) {
    this.#tables = storage.tables;
    this.log = new MemoryEventLog(storage.tables);
  }

  transaction<T>(work: () => T): T {
    return work();
  }

  readCart(cartId: string): Cart | undefined {
    return this.#tables.carts.get(cartId);
  }

  insertCart(cart: Cart): void {
    this.#tables.carts.set(cart.id, cart);
  }

  updateCart(_before: Cart, cart: Cart): void {
    this.#tables.carts.set(cart.id, cart);
  }

  readKey(cartId: string, key: string): CheckoutKey | undefined {
    return this.#tables.keys.get(`${cartId} ${key}`);
  }

  writeKey(
    cartId: string,
    key: string,
    bodySha256: string,
    startedAtMs: number,
    made: { orderId: string } | StoredCheckout,
  ): void {
    const orderId = "orderId" in made ? made.orderId : null;
    const answer = "ok" in made ? storedAnswer(made) : null;
    this.#tables.keys.set(`${cartId} ${key}`, { bodySha256, startedAtMs, orderId, answer });
  }

  answerKey(order: OrderRecord, answer: StoredCheckout): void {
    const known = this.#unansweredKey(order);
    if (known !== undefined) this.#tables.keys.set(keyOf(order), { ...known, answer: storedAnswer(answer) });
  }

  freeKey(order: OrderRecord): void {
    if (this.#unansweredKey(order) !== undefined) this.#tables.keys.delete(keyOf(order));
  }

  readOrder(orderId: string): OrderRecord | undefined {
    return this.#tables.orders.get(orderId);
  }

  insertOrder(order: OrderRecord, nowMs: number): void {
    this.#put(order, nowMs);
  }

  updateOrder(order: OrderRecord, nowMs: number): OrderRecord {
    const stored: OrderRecord = { ...order, version: order.version + 1 };
    const before = this.#tables.orders.get(order.id);
    if (before?.version !== order.version) throw new Error(`order ${order.id} changed since version ${order.version}`);
    this.#put(stored, nowMs);
    return stored;
  }

  nextNumber(_nowMs: number): number {
    return this.#tables.numbers + 1;
  }

  takeNumber(_orderId: string, _nowMs: number, sequence: number): void {
    this.#tables.numbers = sequence;
  }

  dueOrders(nowMs: number, limit: number): string[] {
    const due = [...this.#tables.dueAtMs].filter(([, atMs]) => atMs <= nowMs);
    return due
      .sort(([, one], [, other]) => one - other)
      .slice(0, limit)
      .map(([id]) => id);
  }

  nextDueAtMs(): number | null {
    let next: number | null = null;
    for (const atMs of this.#tables.dueAtMs.values()) if (next === null || atMs < next) next = atMs;
    return next;
  }

  releaseLeases(nowMs: number): void {
    for (const [id, atMs] of this.#tables.dueAtMs) {
      const waits = this.#tables.orders.get(id)?.saga.step === "awaiting_payment";
      if (atMs > nowMs && !waits) this.#tables.dueAtMs.set(id, nowMs);
    }
  }

  tidyAtMs(): number {
    return this.#tables.tidyAtMs;
  }

  setTidyAtMs(atMs: number): void {
    this.#tables.tidyAtMs = atMs;
  }

  /** A history is far shorter than what is tidied away. */
  tidy(_nowMs: number): boolean {
    return false;
  }

  listOrders(afterOrderId: string, limit: number): OrderRecord[] {
    const orders = [...this.#tables.orders.values()].filter((order) => order.id > afterOrderId);
    return orders.sort((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit);
  }

  account(): PartitionAccount {
    throw new Error("the simulation reads the tables themselves");
  }

  #put(order: OrderRecord, nowMs: number): void {
    this.#tables.orders.set(order.id, order);
    this.#tables.watch(order);
    const due = dueAtMs(order, nowMs);
    if (due === null) this.#tables.dueAtMs.delete(order.id);
    else this.#tables.dueAtMs.set(order.id, due);
  }

  #unansweredKey(order: OrderRecord): CheckoutKey | undefined {
    const known = this.#tables.keys.get(keyOf(order));
    return known?.orderId === order.id && known.answer === null ? known : undefined;
  }
}

function keyOf(order: OrderRecord): string {
  return `${order.cartId} ${order.idempotencyKey}`;
}

function storedAnswer(answer: StoredCheckout) {
  return { status: 200, body: JSON.stringify(answer), contentType: "application/json" };
}
