/** The partition's SQLite: every read and write of it. Callers group what belongs together in `transaction`. */
import type { PartitionAccount } from "../../workers/orders/contract.ts";
import { utcDay } from "../../workers/shared/clock.ts";
import { IDEMPOTENCY_RETENTION_MS } from "../../workers/shared/idempotency.ts";
import { PartitionName } from "../../workers/shared/identifiers.ts";
import type { StoredCheckout } from "./checkout-answer.ts";
import type { Cart } from "./contract.ts";
import { EventLog, type OrderLog } from "./event-log.ts";
import { dueAtMs, type OrderRecord } from "./order-record.ts";
import type { CheckoutKey } from "./start-checkout.ts";
import { PARTITION_SCHEMA } from "./store-schema.ts";

/** Rows removed by one tidying, so that no shopper waits for it. */
const TIDY_ROWS_MAX = 500;

export class PartitionStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly partition: string;
  readonly log: OrderLog;

  /**
   * @param name the name that the object was asked for by; an alarm may start it without one, so it is kept.
   * @throws when the object was never asked for by a partition's name.
   */
  constructor(storage: DurableObjectStorage, name: string | undefined) {
    this.#storage = storage;
    this.#sql = storage.sql;
    storage.transactionSync(() => this.#sql.exec(PARTITION_SCHEMA));
    this.partition = this.#first<{ partition: string }>("SELECT partition FROM partition_state")?.partition ?? this.#open(name);
    this.log = new EventLog(this.#sql, this.partition);
  }

  #open(name: string | undefined): string {
    const partition = PartitionName.parse(name);
    this.#sql.exec("INSERT INTO partition_state (id, partition, published_sequence, tidy_at_ms) VALUES (1, ?, 0, 0)", partition);
    return partition;
  }

  /** A throw inside undoes every write of it; `sql.exec` alone does not. A single write needs none. */
  transaction<T>(work: () => T): T {
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      this.log.forget();
      throw error;
    }
  }

  readCart(cartId: string): Cart | undefined {
    const row = this.#first<{ body: string }>("SELECT body FROM carts WHERE id = ?", cartId);
    return row === undefined ? undefined : (JSON.parse(row.body) as Cart);
  }

  insertCart(cart: Cart): void {
    this.#sql.exec(
      "INSERT INTO carts (id, state, expires_at_ms, body) VALUES (?, ?, ?, ?)",
      cart.id,
      cart.state,
      cart.expiresAtMs,
      JSON.stringify(cart),
    );
  }

  /** @param before the row as it was read: an expiry that stays the same leaves its index alone. */
  updateCart(before: Cart, cart: Cart): void {
    const body = JSON.stringify(cart);
    if (before.expiresAtMs === cart.expiresAtMs) {
      this.#sql.exec("UPDATE carts SET state = ?, body = ? WHERE id = ?", cart.state, body, cart.id);
    } else {
      this.#sql.exec(
        "UPDATE carts SET state = ?, body = ?, expires_at_ms = ? WHERE id = ?",
        cart.state,
        body,
        cart.expiresAtMs,
        cart.id,
      );
    }
  }

  readKey(cartId: string, key: string): CheckoutKey | undefined {
    const row = this.#first<{ body_sha256: string; started_at_ms: number; order_id: string | null; answer: string | null }>(
      "SELECT body_sha256, started_at_ms, order_id, answer FROM checkout_keys WHERE cart_id = ? AND key = ?",
      cartId,
      key,
    );
    if (row === undefined) return undefined;
    return {
      bodySha256: row.body_sha256,
      startedAtMs: row.started_at_ms,
      orderId: row.order_id,
      answer: row.answer === null ? null : { status: 200, body: row.answer, contentType: "application/json" },
    };
  }

  /** A key whose retention is over is replaced. */
  writeKey(
    cartId: string,
    key: string,
    bodySha256: string,
    startedAtMs: number,
    made: { orderId: string } | StoredCheckout,
  ): void {
    const pending = !("ok" in made);
    this.#sql.exec(
      "INSERT OR REPLACE INTO checkout_keys (cart_id, key, body_sha256, started_at_ms, order_id, answer) VALUES (?, ?, ?, ?, ?, ?)",
      cartId,
      key,
      bodySha256,
      startedAtMs,
      "orderId" in made ? made.orderId : null,
      pending ? null : JSON.stringify(made),
    );
  }

  /** The first answer stays. */
  answerKey(order: OrderRecord, answer: StoredCheckout): void {
    this.#sql.exec(
      "UPDATE checkout_keys SET answer = ? WHERE cart_id = ? AND key = ? AND order_id = ? AND answer IS NULL",
      JSON.stringify(answer),
      order.cartId,
      order.idempotencyKey,
      order.id,
    );
  }

  /** Lets the key run again: its order came to nothing for no reason of the shopper's. */
  freeKey(order: OrderRecord): void {
    this.#sql.exec(
      "DELETE FROM checkout_keys WHERE cart_id = ? AND key = ? AND order_id = ? AND answer IS NULL",
      order.cartId,
      order.idempotencyKey,
      order.id,
    );
  }

  readOrder(orderId: string): OrderRecord | undefined {
    const row = this.#first<{ body: string }>("SELECT body FROM orders WHERE id = ?", orderId);
    return row === undefined ? undefined : (JSON.parse(row.body) as OrderRecord);
  }

  insertOrder(order: OrderRecord, nowMs: number): void {
    this.#sql.exec(
      "INSERT INTO orders (id, version, cart_id, idempotency_key, status, due_at_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
      order.id,
      order.version,
      order.cartId,
      order.idempotencyKey,
      order.status,
      dueAtMs(order, nowMs),
      JSON.stringify(order),
    );
  }

  /** @returns the record as stored. @throws when somebody else wrote since it was read: a bug, nothing is written. */
  updateOrder(order: OrderRecord, nowMs: number): OrderRecord {
    const stored: OrderRecord = { ...order, version: order.version + 1 };
    const written = this.#sql.exec(
      "UPDATE orders SET version = ?, status = ?, due_at_ms = ?, body = ? WHERE id = ? AND version = ?",
      stored.version,
      stored.status,
      dueAtMs(stored, nowMs),
      JSON.stringify(stored),
      order.id,
      order.version,
    );
    if (written.rowsWritten === 0) throw new Error(`order ${order.id} changed since version ${order.version}`);
    return stored;
  }

  /** The next of the day; it is taken by `takeNumber` in the same transaction. */
  nextNumber(nowMs: number): number {
    const row = this.#first<{ highest: number | null }>(
      "SELECT max(number_sequence) AS highest FROM orders WHERE number_day = ?",
      utcDay(nowMs),
    );
    return (row?.highest ?? 0) + 1;
  }

  takeNumber(orderId: string, nowMs: number, sequence: number): void {
    this.#sql.exec("UPDATE orders SET number_day = ?, number_sequence = ? WHERE id = ?", utcDay(nowMs), sequence, orderId);
  }

  dueOrders(nowMs: number, limit: number): string[] {
    return this.#sql
      .exec<{ id: string }>("SELECT id FROM orders WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?", nowMs, limit)
      .toArray()
      .map((row) => row.id);
  }

  nextDueAtMs(): number | null {
    return (
      this.#first<{ due: number | null }>("SELECT min(due_at_ms) AS due FROM orders WHERE due_at_ms IS NOT NULL")?.due ?? null
    );
  }

  /** After a restart nobody runs what a lease says is running: it is due at once. What waits for a shopper stays. */
  releaseLeases(nowMs: number): void {
    this.#sql.exec(
      "UPDATE orders SET due_at_ms = ? WHERE due_at_ms > ? AND json_extract(body, '$.saga.step') != 'awaiting_payment'",
      nowMs,
      nowMs,
    );
  }

  tidyAtMs(): number {
    return this.#first<{ at: number }>("SELECT tidy_at_ms AS at FROM partition_state")?.at ?? 0;
  }

  setTidyAtMs(atMs: number): void {
    this.#sql.exec("UPDATE partition_state SET tidy_at_ms = ?", atMs);
  }

  /** Removes expired carts and keys. @returns true when more may be left. */
  tidy(nowMs: number): boolean {
    const carts = this.#sql.exec(
      `DELETE FROM carts WHERE id IN (SELECT id FROM carts WHERE expires_at_ms <= ? AND state != 'frozen' LIMIT ${TIDY_ROWS_MAX})`,
      nowMs,
    );
    const keys = this.#sql.exec(
      `DELETE FROM checkout_keys WHERE answer IS NOT NULL AND started_at_ms <= ?
         AND number IN (SELECT number FROM checkout_keys ORDER BY number LIMIT ${TIDY_ROWS_MAX})`,
      nowMs - IDEMPOTENCY_RETENTION_MS,
    );
    return carts.rowsWritten >= TIDY_ROWS_MAX || keys.rowsWritten >= TIDY_ROWS_MAX;
  }

  listOrders(afterOrderId: string, limit: number): OrderRecord[] {
    return this.#sql
      .exec<{ body: string }>("SELECT body FROM orders WHERE id > ? ORDER BY id LIMIT ?", afterOrderId, limit)
      .toArray()
      .map((row) => JSON.parse(row.body) as OrderRecord);
  }

  account(): PartitionAccount {
    const duplicates = this.#sql.exec<{ duplicate: string }>(
      `SELECT cart_id || ' ' || idempotency_key AS duplicate FROM orders
       WHERE status IN ('awaiting_payment', 'placed', 'fulfilled', 'completed')
          OR (status = 'cancelled' AND json_extract(body, '$.capturedMinor') > 0)
       GROUP BY cart_id, idempotency_key HAVING count(*) > 1`,
    );
    const numbers = this.#sql.exec<{ day: string; count: number; highest: number }>(
      `SELECT number_day AS day, count(*) AS count, max(number_sequence) AS highest FROM orders
       WHERE number_day IS NOT NULL GROUP BY number_day ORDER BY number_day`,
    );
    return {
      partition: this.partition,
      eventCount: this.#first<{ count: number }>("SELECT count(*) AS count FROM events")?.count ?? 0,
      lastSequence: this.log.lastSequence(),
      publishedSequence: this.log.publishedSequence(),
      duplicateKeys: duplicates.toArray().map((row) => row.duplicate),
      numbers: numbers.toArray(),
    };
  }

  #first<R extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]): R | undefined {
    for (const row of this.#sql.exec<R>(query, ...bindings)) return row;
    return undefined;
  }
}
