/**
 * The bare shop's partition. Five commits an order of one line: line, address; then begun, held, placed. Events go to
 * four queues as the shop's do: gathered for a moment, in batches, with a cursor.
 */
import { DurableObject } from "cloudflare:workers";
import {
  type BarePaymentsApi,
  type Cart,
  depthOf,
  EVENT_FILLER,
  emptyCart,
  GATHER_MS,
  LINE_FILLER,
  type Message,
  ORDER_FILLER,
  type PlacedOrder,
} from "./shapes.ts";
import type { BareInventory } from "./worker.ts";

/** Of the shop's own `publish-events.ts`. */
const BATCH_MAX = 100;

interface PartitionEnv {
  readonly INVENTORY: Service<typeof BareInventory>;
  readonly PAYMENTS: BarePaymentsApi;
  readonly PAID_PAYMENTS: BarePaymentsApi;
  readonly LEDGER: Queue<Message>;
  readonly PROJECTION: Queue<Message>;
  readonly NOTIFICATIONS: Queue<Message>;
  readonly ANALYTICS: Queue<Message>;
}

export class BarePartition extends DurableObject<PartitionEnv> {
  readonly #sql = this.ctx.storage.sql;
  readonly #depth = depthOf(this.ctx);
  #isPublishing = false;

  constructor(ctx: DurableObjectState, env: PartitionEnv) {
    super(ctx, env);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS carts (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT NOT NULL, step TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS events (sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS published (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
      INSERT OR IGNORE INTO published (id, sequence) VALUES (1, 0)`);
  }

  putLine(id: string, sku: string): Cart {
    const cart = this.#cart(id);
    return this.#write({ ...cart, lines: [...cart.lines, { sku, filler: LINE_FILLER }] });
  }

  setAddress(id: string, address: unknown): Cart {
    return this.#write({ ...this.#cart(id), address });
  }

  async checkout(id: string, _prices: string): Promise<PlacedOrder> {
    const { INVENTORY } = this.env;
    const payments = this.#depth === "paid" ? this.env.PAID_PAYMENTS : this.env.PAYMENTS;
    const order = this.#cart(id);
    const placed = { order, token: order.token, filler: ORDER_FILLER };
    this.#sql.exec("INSERT INTO orders (id, body, step) VALUES (?, ?, 'begun')", id, JSON.stringify(placed));
    this.#note("submitted");
    const lines = order.lines.map(({ sku }) => ({ sku, quantity: 1 }));
    await INVENTORY.hold({ holdId: id, lines, expiresAtMs: Date.now() });
    this.#sql.exec("UPDATE orders SET step = 'held' WHERE id = ?", id);
    const paymentId = await payments.authorize(id, this.#depth);
    await INVENTORY.commit(id, lines);
    await payments.capture(paymentId, this.#depth);
    this.#sql.exec("UPDATE orders SET step = 'placed', body = ? WHERE id = ?", JSON.stringify(placed), id);
    this.#note("placed");
    if (this.#depth !== "path") this.#publish();
    return placed;
  }

  /** A cart is kept with its first line, as the shop's are. */
  #cart(id: string): Cart {
    for (const { body } of this.#sql.exec<{ body: string }>("SELECT body FROM carts WHERE id = ?", id)) return JSON.parse(body);
    return emptyCart(id);
  }

  #write(cart: Cart): Cart {
    this.#sql.exec(
      "INSERT INTO carts (id, body) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET body = ?2",
      cart.id,
      JSON.stringify(cart),
    );
    return cart;
  }

  #note(kind: string): void {
    this.#sql.exec("INSERT INTO events (kind, body) VALUES (?, ?)", kind, EVENT_FILLER);
  }

  #publish(): void {
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    setTimeout(() => this.ctx.waitUntil(this.#send()), GATHER_MS);
  }

  async #send(): Promise<void> {
    const { LEDGER, PROJECTION, NOTIFICATIONS, ANALYTICS } = this.env;
    const source = this.ctx.id.toString();
    for (;;) {
      const rows = this.#sql
        .exec<{ sequence: number; kind: string; body: string }>(
          "SELECT sequence, kind, body FROM events WHERE sequence > (SELECT sequence FROM published) ORDER BY sequence LIMIT ?",
          BATCH_MAX,
        )
        .toArray();
      const last = rows.at(-1);
      if (last === undefined) break;
      const batch = rows.map(({ sequence, kind, body }) => ({ body: { source, sequence, kind, filler: body } }));
      await Promise.all([LEDGER, PROJECTION, NOTIFICATIONS, ANALYTICS].map((queue) => queue.sendBatch(batch)));
      this.#sql.exec("UPDATE published SET sequence = ?", last.sequence);
    }
    this.#isPublishing = false;
  }
}
