/** F8: random commands to the real shop, compared with the shopkeeper's model after each of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Card, Line, Outcome, Refund } from "../model.ts";
import {
  Comparison,
  type Crashing,
  commands,
  OPENING_PRICE_MINOR,
  OPENING_UNITS,
  type ShopDriver,
  type WebhookFate,
} from "../model-commands.ts";
import { auditShop } from "../rig/audit-shop.ts";
import { passTime, quiesce } from "../rig/clock.ts";
import { deliverWebhook } from "../rig/deliver.ts";
import type { CapturedWebhook } from "../rig/outside-world.ts";
import { CARDS, openShop, type RigCart, type Shop, type Told } from "../rig/shop.ts";
import { faultRun, runs, tell } from "../size.ts";

/** Carts may be filled with prices that are this old. */
const QUOTES_KEPT_MS = 3_001;

interface Slot {
  readonly cart: RigCart;
  orderId?: string;
  redirectUrl?: string;
  returnUrl?: string;
}

class RealShop implements ShopDriver {
  /** "uk-standard" of the shop's rates. */
  readonly shippingMinor = 399;
  readonly #shop: Shop;
  readonly #skus: readonly string[];
  readonly #slots = new Map<number, Slot>();
  #webhooks: CapturedWebhook[] = [];

  constructor(shop: Shop, skus: readonly string[]) {
    this.#shop = shop;
    this.#skus = skus;
  }

  nowMs(): number {
    return Date.now();
  }

  async fill(slot: number, lines: readonly Line[]): Promise<void> {
    const wanted = Object.fromEntries(lines.map(({ product, quantity }) => [this.#sku(product), quantity]));
    this.#slots.set(slot, { cart: await this.#shop.cart(wanted) });
  }

  async pay(slot: number, card: Card, key: string): Promise<Outcome> {
    const known = this.#slot(slot);
    const told = await this.#shop.checkout(known.cart, CARDS[card], key);
    if (told.status >= 400) return told.body.code;
    known.orderId = told.body.order.id;
    if (told.status === 202) known.redirectUrl = told.body.next_action.url;
    return told.body.order.status;
  }

  async tellBank(slot: number, approves: boolean): Promise<void> {
    const known = this.#slot(slot);
    if (known.redirectUrl === undefined) return;
    const returnUrl = await this.#shop.answerBank(known.redirectUrl, approves);
    if (returnUrl !== undefined) known.returnUrl = returnUrl;
    await this.#collect();
  }

  async webhooks(how: WebhookFate): Promise<void> {
    await this.#collect();
    const sent = this.#webhooks.splice(0);
    if (how === "drop") return;
    const order = how === "deliver_backwards" ? sent.reverse() : how === "deliver_twice" ? [...sent, ...sent] : sent;
    for (const webhook of order) await deliverWebhook(webhook);
  }

  async comeBack(slot: number): Promise<void> {
    const { returnUrl } = this.#slot(slot);
    if (returnUrl !== undefined) await this.#shop.comeBack(returnUrl);
  }

  async abandon(slot: number): Promise<void> {
    await this.#shop.abandon(this.#orderId(slot));
  }

  async cancel(slot: number): Promise<Outcome> {
    return outcomeOf(await this.#shop.cancel(this.#orderId(slot)));
  }

  async refund(slot: number, { amountMinor, units, restock }: Refund, key: string): Promise<Outcome> {
    const sku = (await this.#shop.order(this.#orderId(slot))).lines[0]?.sku;
    const amount = amountMinor === null ? {} : { amount_minor: amountMinor };
    const lines = units === 0 ? {} : { lines: [{ sku, quantity: units }] };
    return outcomeOf(await this.#shop.refund(this.#orderId(slot), { ...amount, ...lines, restock }, key));
  }

  async ship(slot: number): Promise<Outcome> {
    return outcomeOf(await this.#shop.ship(this.#orderId(slot)));
  }

  async receive(product: number, units: number): Promise<void> {
    await this.#shop.receive(this.#sku(product), units);
  }

  async setPrice(product: number, priceMinor: number): Promise<void> {
    this.#shop.setPrice(this.#sku(product), priceMinor);
    await this.wait(QUOTES_KEPT_MS);
  }

  async wait(ms: number): Promise<void> {
    await this.#collect();
    await passTime(ms);
  }

  async crash(what: Crashing): Promise<void> {
    await this.#shop.crash({ partition: "CHECKOUT_PARTITION", stock: "SKU_STOCK", provider: "SANDBOX_ACCOUNT" }[what]);
  }

  async available(product: number): Promise<number> {
    return await this.#shop.available(this.#sku(product));
  }

  async order(slot: number) {
    const { status, totals, payment } = await this.#shop.order(this.#orderId(slot));
    return { status, totalMinor: totals.totalMinor, refundedMinor: payment.refundedMinor };
  }

  /** A webhook is signed when it is sent, and it is sent when it is due. */
  async #collect(): Promise<void> {
    this.#webhooks.push(...(await this.#shop.collectWebhooks()));
  }

  #sku(product: number): string {
    return this.#skus[product] ?? "";
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

function outcomeOf({ status, body }: Told): Outcome {
  return status < 300 ? "ok" : body.code;
}

describe("random commands to the shop (F8)", () => {
  it("are answered as a shopkeeper expects, on the real objects", { timeout: 3_600_000 }, async ({ task }) => {
    const { seed } = faultRun();
    const histories = runs({ quick: 20, full: 1_000 });
    let given = 0;
    const property = fc.asyncProperty(commands, async (history) => {
      const shop = await openShop();
      const skus = await Promise.all(OPENING_UNITS.map((units) => shop.sku(units, OPENING_PRICE_MINOR)));
      const comparison = new Comparison(new RealShop(shop, skus));
      for (const command of history) await comparison.run(command);
      await quiesce();
      await comparison.run({ kind: "wait", minutes: 2 });
      given += comparison.given;
    });
    await fc.assert(property, { seed, numRuns: histories });
    expect(await auditShop()).toEqual([]);
    tell(task, { row: "F8", what: "commands to the real objects", histories: given });
  });
});
