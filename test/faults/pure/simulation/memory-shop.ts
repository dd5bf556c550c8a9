/** The simulated shop as the commands of F8 see it: without faults but for crashes, one command after the other. */
import { viewOrder } from "../../../../durable-objects/checkout-partition/order-record.ts";
import type { Result } from "../../../../workers/shared/result.ts";
import { type Card, type Line, type Outcome, type Refund, WEBHOOK_TIME_MS } from "../../model.ts";
import {
  type Crashing,
  OPENING_PRICE_MINOR,
  OPENING_UNITS,
  type OrderView,
  PRODUCTS,
  type ShopDriver,
  type WebhookFate,
} from "../../model-commands.ts";
import { checkoutCommand, filledCart } from "./act.ts";
import { type Buy, SKUS, type SkuName } from "./history.ts";
import { CONTEXT, SimulatedShop } from "./simulated-shop.ts";

const CARDS: Readonly<Record<Card, Buy["card"]>> = { good: "visa", declined: "chargeDeclined", asks: "authenticationRequired" };
/** Answers come within milliseconds of virtual time; this is how often it is looked for them. */
const LOOK_MS = 20;

interface Slot {
  readonly cartId: string;
  orderId?: string;
}

export class MemoryShop implements ShopDriver {
  readonly shippingMinor = 0;
  readonly #shop: SimulatedShop;
  readonly #prices = new Map<string, number>(SKUS.map((sku) => [sku, OPENING_PRICE_MINOR]));
  readonly #slots = new Map<number, Slot>();
  #webhooks: { readonly orderId: string; readonly atMs: number }[] = [];
  #carts = 0;

  constructor() {
    const [A = 0, B = 0, C = 0] = OPENING_UNITS;
    this.#shop = new SimulatedShop({ seed: 1, stock: { A, B, C }, backorderable: false, happenings: [], fates: [] }, false);
  }

  nowMs(): number {
    return this.#shop.time.nowMs;
  }

  async fill(slot: number, lines: readonly Line[]): Promise<void> {
    const cartId = `cart_${this.#carts++}`;
    const wanted = lines.map(({ product, quantity }) => ({ sku: skuOf(product), quantity }));
    this.#shop.putCart(filledCart(cartId, wanted, this.#priceOf, this.nowMs()));
    this.#slots.set(slot, { cartId });
  }

  async pay(slot: number, card: Card, key: string): Promise<Outcome> {
    const known = this.#slot(slot);
    const cart = this.#shop.tables.carts.get(known.cartId);
    if (cart === undefined) throw new Error(`${known.cartId} is gone`);
    const command = checkoutCommand(cart, key, CARDS[card], this.#priceOf);
    const answer = await this.#answered(() => this.#shop.host.object.checkout(command, CONTEXT));
    if (!answer.ok) return answer.error.code;
    known.orderId = answer.value.order.id;
    return answer.value.order.status;
  }

  async tellBank(slot: number, approves: boolean): Promise<void> {
    const orderId = this.#orderId(slot);
    const payment = this.#shop.provider.payments.get(`pi_${orderId}`);
    const before = payment?.status;
    this.#shop.provider.act(orderId, approves ? "authorized" : "declined");
    if (payment?.status !== before) this.#webhooks.push({ orderId, atMs: this.nowMs() });
  }

  async webhooks(how: WebhookFate): Promise<void> {
    const sent = this.#webhooks.splice(0).filter(({ atMs }) => this.nowMs() - atMs <= WEBHOOK_TIME_MS);
    if (how === "drop") return;
    const order = how === "deliver_backwards" ? sent.reverse() : how === "deliver_twice" ? [...sent, ...sent] : sent;
    for (const { orderId } of order) await this.#resume(orderId);
  }

  async comeBack(slot: number): Promise<void> {
    await this.#resume(this.#orderId(slot));
  }

  async abandon(slot: number): Promise<void> {
    await this.#answered(() => this.#shop.host.object.abandonPayment(this.#orderId(slot), CONTEXT));
  }

  async cancel(slot: number): Promise<Outcome> {
    return outcomeOf(await this.#answered(() => this.#shop.host.object.cancel(this.#orderId(slot), "test", CONTEXT)));
  }

  async refund(slot: number, refund: Refund, key: string): Promise<Outcome> {
    const orderId = this.#orderId(slot);
    const sku = this.#shop.tables.orders.get(orderId)?.lines[0]?.sku ?? "";
    const lines = refund.units === 0 ? [] : [{ sku, quantity: refund.units }];
    const { amountMinor, restock } = refund;
    const command = { orderId, idempotencyKey: key, bodySha256: JSON.stringify(refund), amountMinor, lines, restock };
    return outcomeOf(await this.#answered(() => this.#shop.host.object.refund(command, CONTEXT)));
  }

  async ship(slot: number): Promise<Outcome> {
    const orderId = this.#orderId(slot);
    const command = { orderId, idempotencyKey: `${this.nowMs()}`, carrier: null, trackingNumber: null, lines: [] };
    return outcomeOf(await this.#answered(() => this.#shop.host.object.ship(command, CONTEXT)));
  }

  async receive(product: number, units: number): Promise<void> {
    this.#shop.stock(skuOf(product)).now.move("received", units);
  }

  async setPrice(product: number, priceMinor: number): Promise<void> {
    this.#prices.set(skuOf(product), priceMinor);
  }

  async wait(ms: number): Promise<void> {
    await this.#shop.time.run(this.nowMs() + ms);
  }

  /** Stock and provider have nothing here but what outlives a crash. */
  async crash(what: Crashing): Promise<void> {
    if (what === "partition") this.#shop.host.crash();
  }

  async available(product: number): Promise<number> {
    return this.#shop.stock(skuOf(product)).now.view().available;
  }

  async order(slot: number): Promise<OrderView | undefined> {
    const record = this.#shop.tables.orders.get(this.#orderId(slot));
    if (record === undefined) return undefined;
    const { status, totals, payment } = viewOrder(record);
    return { status, totalMinor: totals.totalMinor, refundedMinor: payment.refundedMinor };
  }

  readonly #priceOf = (sku: string): number => this.#prices.get(sku) ?? 0;

  async #resume(orderId: string): Promise<void> {
    await this.#answered(() => this.#shop.host.object.resumePayment(orderId, CONTEXT));
  }

  /** Lets virtual time pass until the shop has answered. */
  async #answered<T>(command: () => Promise<T>): Promise<T> {
    const { time } = this.#shop;
    let settled = false;
    const answer = this.#shop.ask("wish", "", command).finally(() => {
      settled = true;
    });
    while (!settled) await time.run(time.nowMs + LOOK_MS);
    return await answer;
  }

  #slot(slot: number): Slot {
    const known = this.#slots.get(slot);
    if (known === undefined) throw new Error(`no cart in slot ${slot}`);
    return known;
  }

  #orderId(slot: number): string {
    return this.#slot(slot).orderId ?? "";
  }
}

function outcomeOf(answer: Result<unknown, { readonly code: string }>): Outcome {
  return answer.ok ? "ok" : answer.error.code;
}

function skuOf(product: number): SkuName {
  const sku = SKUS[product];
  if (sku === undefined) throw new Error(`product ${product} is none of the ${PRODUCTS}`);
  return sku;
}
