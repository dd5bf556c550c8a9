/**
 * What a shopkeeper expects of the shop: units on the shelf, money per order, how orders stand. No sagas, holds or events;
 * everything that happens, happens at once. The real shop is compared with this, command by command (F8).
 */

/** An order waits this long for its money. */
export const PAYMENT_TIME_MS = 15 * 60_000;
/** The provider's signature on a webhook is good for this long. */
export const WEBHOOK_TIME_MS = 5 * 60_000;

export type Card = "good" | "declined" | "asks";
export type Status = "awaiting_payment" | "placed" | "fulfilled" | "failed" | "cancelled";

/** `placed`, `awaiting_payment`, `ok`, or the code of what is wrong. */
export type Outcome = string;

export interface Line {
  readonly product: number;
  readonly quantity: number;
}

interface PricedLine extends Line {
  readonly priceMinor: number;
}

export interface ModelOrder {
  readonly lines: readonly PricedLine[];
  readonly totalMinor: number;
  readonly cart: ModelCart;
  readonly paysUntilMs: number;
  status: Status;
  /** What the shopper told the bank; null: nothing yet. */
  bank: "approved" | "declined" | null;
  refundedMinor: number;
  /** Units per line that may still be refunded, and that are still to be sent. */
  readonly toRefund: number[];
  readonly toShip: number[];
}

export interface ModelCart {
  lines: readonly PricedLine[];
  order: ModelOrder | undefined;
  readonly answers: Map<string, Outcome>;
}

export interface Refund {
  readonly amountMinor: number | null;
  /** One unit of the first line, or no line. */
  readonly units: 0 | 1;
  readonly restock: boolean;
}

interface Product {
  onShelf: number;
  priceMinor: number;
}

export class Shopkeeper {
  readonly products: readonly Product[];
  readonly orders: ModelOrder[] = [];
  nowMs: number;
  readonly #shippingMinor: number;
  #news: { readonly order: ModelOrder; readonly atMs: number }[] = [];

  constructor(products: readonly Product[], shippingMinor: number, nowMs: number) {
    this.products = products;
    this.#shippingMinor = shippingMinor;
    this.nowMs = nowMs;
  }

  available(product: number): number {
    const waiting = this.orders.filter(({ status }) => status === "awaiting_payment");
    return waiting.reduce((left, order) => left - unitsOf(order.lines, product), this.#product(product).onShelf);
  }

  newCart(lines: readonly Line[]): ModelCart {
    return { lines: this.#price(lines), order: undefined, answers: new Map() };
  }

  /** The same key is told the same again. */
  pay(cart: ModelCart, card: Card, key: string): Outcome {
    const known = cart.answers.get(key);
    if (known !== undefined) return known;
    if (isOrdered(cart)) return "cart_already_ordered";
    const outcome = this.#checkOut(cart, card);
    cart.answers.set(key, outcome);
    return outcome;
  }

  #checkOut(cart: ModelCart, card: Card): Outcome {
    const priced = this.#price(cart.lines);
    const changed = priced.some((line, index) => line.priceMinor !== cart.lines[index]?.priceMinor);
    cart.lines = priced;
    if (changed) return "price_changed";
    if (priced.some(({ product, quantity }) => this.available(product) < quantity)) return "out_of_stock";
    if (card === "declined") return "payment_declined";
    const order: ModelOrder = {
      lines: priced,
      totalMinor: sum(priced.map((line) => line.quantity * line.priceMinor)) + this.#shippingMinor,
      cart,
      paysUntilMs: this.nowMs + PAYMENT_TIME_MS,
      status: "awaiting_payment",
      bank: null,
      refundedMinor: 0,
      toRefund: priced.map(({ quantity }) => quantity),
      toShip: priced.map(({ quantity }) => quantity),
    };
    this.orders.push(order);
    cart.order = order;
    if (card === "good") this.#place(order);
    return order.status;
  }

  /** The bank hears the shopper once, and only while the shop waits. */
  tellBank(order: ModelOrder, approves: boolean): void {
    if (order.status !== "awaiting_payment" || order.bank !== null) return;
    order.bank = approves ? "approved" : "declined";
    this.#news.push({ order, atMs: this.nowMs });
  }

  /** `drop`: they never arrive. Twice is as good as once. */
  webhooks(how: "deliver" | "drop"): void {
    const news = this.#news;
    this.#news = [];
    if (how === "drop") return;
    for (const { order, atMs } of news) if (this.nowMs - atMs <= WEBHOOK_TIME_MS) this.lookAtBank(order);
  }

  lookAtBank(order: ModelOrder): void {
    if (order.status !== "awaiting_payment") return;
    if (order.bank === "approved") this.#place(order);
    if (order.bank === "declined") order.status = "failed";
  }

  /** What was paid a moment ago is placed, and stays. */
  abandon(order: ModelOrder): void {
    this.lookAtBank(order);
    if (order.status === "awaiting_payment") order.status = "failed";
  }

  cancel(order: ModelOrder): Outcome {
    if (order.status === "fulfilled" || order.status === "failed") return "not_cancellable";
    if (order.status === "placed") {
      order.refundedMinor = order.totalMinor;
      for (const [index, { product }] of order.lines.entries()) this.#putBack(product, order.toShip[index] ?? 0);
    }
    order.status = "cancelled";
    return "ok";
  }

  refund(order: ModelOrder, { amountMinor, units, restock }: Refund): Outcome {
    if (order.status !== "placed" && order.status !== "fulfilled") return "not_refundable";
    const left = order.totalMinor - order.refundedMinor;
    const everything = units === 0 && (amountMinor === null || amountMinor === left);
    const taken = order.toRefund.map((open, index) => (everything ? open : index === 0 ? units : 0));
    if (taken.some((quantity, index) => quantity > (order.toRefund[index] ?? 0))) return "refund_lines_invalid";
    const valueMinor = units === 0 ? left : (order.lines[0]?.priceMinor ?? 0);
    const amount = amountMinor ?? valueMinor;
    if (amount > left) return "refund_exceeds_captured";
    if (amount === 0) return "not_refundable";
    if (restock && sum(taken) === 0) return "refund_lines_invalid";
    order.refundedMinor += amount;
    taken.forEach((quantity, index) => {
      order.toRefund[index] = (order.toRefund[index] ?? 0) - quantity;
      order.toShip[index] = Math.max(0, (order.toShip[index] ?? 0) - quantity);
      if (restock) this.#putBack(order.lines[index]?.product ?? 0, quantity);
    });
    return "ok";
  }

  ship(order: ModelOrder): Outcome {
    if (order.status !== "placed" || sum(order.toShip) === 0) return "not_shippable";
    order.toShip.fill(0);
    order.status = "fulfilled";
    return "ok";
  }

  receive(product: number, units: number): void {
    this.#putBack(product, units);
  }

  setPrice(product: number, priceMinor: number): void {
    this.#product(product).priceMinor = priceMinor;
  }

  /** When the time to pay is over, the bank is asked once more. */
  waitUntil(nowMs: number): void {
    this.nowMs = nowMs;
    for (const order of this.orders) if (order.paysUntilMs <= nowMs) this.abandon(order);
  }

  #place(order: ModelOrder): void {
    order.status = "placed";
    for (const { product, quantity } of order.lines) this.#putBack(product, -quantity);
  }

  #putBack(product: number, units: number): void {
    this.#product(product).onShelf += units;
  }

  #price(lines: readonly Line[]): PricedLine[] {
    return lines.map(({ product, quantity }) => ({ product, quantity, priceMinor: this.#product(product).priceMinor }));
  }

  #product(product: number): Product {
    const found = this.products[product];
    if (found === undefined) throw new Error(`no product ${product}`);
    return found;
  }
}

/** Its cart is ordered while its order stands or waits; what came to nothing before it was placed opens it again. */
function isOrdered({ order }: ModelCart): boolean {
  if (order === undefined || order.status === "failed") return false;
  return order.status !== "cancelled" || order.refundedMinor > 0;
}

function unitsOf(lines: readonly Line[], product: number): number {
  return sum(lines.map((line) => (line.product === product ? line.quantity : 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
