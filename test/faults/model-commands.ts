/** Random commands for a shop and its model, and what both are asked to agree about after each of them (F8). */
import fc from "fast-check";
import { expect } from "vitest";
import { type Card, type Line, type ModelCart, type Outcome, type Refund, Shopkeeper } from "./model.ts";

/** A shop that the commands can be given to: the real one on its objects, or its cores in memory. */
export interface ShopDriver {
  readonly shippingMinor: number;
  nowMs(): number;
  /** A new cart takes the place of the one in the slot. */
  fill(slot: number, lines: readonly Line[]): Promise<void>;
  pay(slot: number, card: Card, key: string): Promise<Outcome>;
  tellBank(slot: number, approves: boolean): Promise<void>;
  /** Everything that the provider has sent and nobody has delivered yet. */
  webhooks(how: WebhookFate): Promise<void>;
  comeBack(slot: number): Promise<void>;
  abandon(slot: number): Promise<void>;
  cancel(slot: number): Promise<Outcome>;
  refund(slot: number, refund: Refund, key: string): Promise<Outcome>;
  ship(slot: number): Promise<Outcome>;
  receive(product: number, units: number): Promise<void>;
  setPrice(product: number, priceMinor: number): Promise<void>;
  wait(ms: number): Promise<void>;
  crash(what: Crashing): Promise<void>;
  available(product: number): Promise<number>;
  /** The slot's newest order that was placed or waits, or did. */
  order(slot: number): Promise<OrderView | undefined>;
}

export interface OrderView {
  readonly status: string;
  readonly totalMinor: number;
  readonly refundedMinor: number;
}

export type WebhookFate = "deliver" | "deliver_twice" | "deliver_backwards" | "drop";
export type Crashing = "partition" | "stock" | "provider";

const SLOTS = 3;
export const PRODUCTS = 3;
export const OPENING_UNITS: readonly number[] = [2, 4, 9];
export const OPENING_PRICE_MINOR = 1_000;

const slot = fc.integer({ min: 0, max: SLOTS - 1 });
const product = fc.integer({ min: 0, max: PRODUCTS - 1 });
const line = fc.record({ product, quantity: fc.integer({ min: 1, max: 2 }) });
const lines = fc.uniqueArray(line, { minLength: 1, maxLength: 2, selector: (one) => one.product });
const kind = <K extends string>(name: K) => fc.constant(name);

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: kind("fill"), slot, lines }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: kind("pay"), slot, card: fc.constantFrom<Card>("good", "good", "asks", "asks", "declined") }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind("pay_again"), slot }) },
  { weight: 5, arbitrary: fc.record({ kind: kind("bank"), slot, approves: fc.constantFrom(true, true, false) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind("webhooks"),
      how: fc.constantFrom<WebhookFate>("deliver", "deliver_twice", "deliver_backwards", "drop"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind("come_back"), slot }) },
  { weight: 1, arbitrary: fc.record({ kind: kind("abandon"), slot }) },
  { weight: 2, arbitrary: fc.record({ kind: kind("cancel"), slot }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind("refund"),
      slot,
      amountMinor: fc.constantFrom(null, null, 1, 700, 9_999),
      units: fc.constantFrom<0 | 1>(0, 1),
      restock: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind("refund_again"), slot }) },
  { weight: 2, arbitrary: fc.record({ kind: kind("ship"), slot }) },
  { weight: 1, arbitrary: fc.record({ kind: kind("receive"), product, units: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind("price"), product, priceMinor: fc.constantFrom(900, 1_000, 1_100) }) },
  { weight: 2, arbitrary: fc.record({ kind: kind("wait"), minutes: fc.constantFrom(2, 7, 16) }) },
  { weight: 2, arbitrary: fc.record({ kind: kind("crash"), what: fc.constantFrom<Crashing>("partition", "stock", "provider") }) },
);
export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** A first cart is always there, so that few commands fall flat. */
export const commands: fc.Arbitrary<Command[]> = fc
  .tuple(fc.record({ kind: kind("fill"), slot: fc.constant(0), lines }), fc.array(command, { maxLength: 60, size: "max" }))
  .map(([first, more]) => [first, ...more]);

interface SlotNotes {
  readonly cart: ModelCart;
  paid?: { readonly card: Card; readonly key: string };
  refunded?: { readonly refund: Refund; readonly key: string };
}

/** Gives each command to both, and compares. */
export class Comparison {
  /** Commands given. */
  given = 0;
  readonly #shop: ShopDriver;
  readonly #model: Shopkeeper;
  readonly #slots = new Map<number, SlotNotes>();
  #keys = 0;

  constructor(shop: ShopDriver) {
    this.#shop = shop;
    const products = OPENING_UNITS.map((onShelf) => ({ onShelf, priceMinor: OPENING_PRICE_MINOR }));
    this.#model = new Shopkeeper(products, shop.shippingMinor, shop.nowMs());
  }

  async run(given: Command): Promise<void> {
    this.given += 1;
    await this.#give(given);
    this.#model.waitUntil(this.#shop.nowMs());
    await this.compare();
  }

  async compare(): Promise<void> {
    for (let of = 0; of < PRODUCTS; of++) {
      expect(await this.#shop.available(of), `units of product ${of}`).toBe(this.#model.available(of));
    }
    for (const [of, { cart }] of this.#slots) {
      const { order } = cart;
      if (order === undefined) continue;
      const { status, totalMinor, refundedMinor } = order;
      expect(await this.#shop.order(of), `order in slot ${of}`).toEqual({ status, totalMinor, refundedMinor });
    }
  }

  async #give(given: Command): Promise<void> {
    const shop = this.#shop;
    switch (given.kind) {
      case "fill":
        await shop.fill(given.slot, given.lines);
        this.#slots.set(given.slot, { cart: this.#model.newCart(given.lines) });
        return;
      case "webhooks":
        this.#model.webhooks(given.how === "drop" ? "drop" : "deliver");
        return await shop.webhooks(given.how);
      case "receive":
        this.#model.receive(given.product, given.units);
        return await shop.receive(given.product, given.units);
      case "price":
        this.#model.setPrice(given.product, given.priceMinor);
        return await shop.setPrice(given.product, given.priceMinor);
      case "wait":
        return await shop.wait(given.minutes * 60_000);
      case "crash":
        return await shop.crash(given.what);
      default: {
        const notes = this.#slots.get(given.slot);
        if (notes !== undefined) await this.#giveToCart(given, notes);
      }
    }
  }

  async #giveToCart(given: Extract<Command, { readonly slot: number }>, notes: SlotNotes): Promise<void> {
    if (given.kind === "pay") {
      notes.paid = { card: given.card, key: `pay-${this.#keys++}` };
      await this.#pay(given.slot, notes);
    } else if (given.kind === "pay_again") await this.#pay(given.slot, notes);
    else if (notes.cart.order !== undefined) await this.#giveToOrder(given, notes, notes.cart.order);
  }

  async #pay(slot: number, { cart, paid }: SlotNotes): Promise<void> {
    if (paid === undefined) return;
    expect(await this.#shop.pay(slot, paid.card, paid.key), "pay").toBe(this.#model.pay(cart, paid.card, paid.key));
  }

  async #giveToOrder(
    given: Extract<Command, { readonly slot: number }>,
    notes: SlotNotes,
    order: NonNullable<ModelCart["order"]>,
  ): Promise<void> {
    const [shop, model] = [this.#shop, this.#model];
    switch (given.kind) {
      case "bank":
        model.tellBank(order, given.approves);
        return await shop.tellBank(given.slot, given.approves);
      case "come_back":
        model.lookAtBank(order);
        return await shop.comeBack(given.slot);
      case "abandon":
        model.abandon(order);
        return await shop.abandon(given.slot);
      case "cancel":
        expect(await shop.cancel(given.slot), "cancel").toBe(model.cancel(order));
        return;
      case "ship":
        expect(await shop.ship(given.slot), "ship").toBe(model.ship(order));
        return;
      case "refund": {
        const { amountMinor, units, restock } = given;
        const refund = { amountMinor, units, restock };
        const key = `refund-${this.#keys++}`;
        const expected = model.refund(order, refund);
        if (expected === "ok") notes.refunded = { refund, key };
        expect(await shop.refund(given.slot, refund, key), "refund").toBe(expected);
        return;
      }
      case "refund_again":
        if (notes.refunded === undefined) return;
        expect(await shop.refund(given.slot, notes.refunded.refund, notes.refunded.key), "the same refund again").toBe("ok");
    }
  }
}
