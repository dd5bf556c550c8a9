/**
 * F3: the provider's webhooks come twice, in any order, not at all, too late, too early, and from liars. The order ends as
 * the payment did, by the shop's own look at the provider.
 */
import { describe, expect, it } from "vitest";
import { MINUTE_MS, moveClock, passTime, quiesce } from "../rig/clock.ts";
import { deliverWebhook } from "../rig/deliver.ts";
import { switchboard } from "../rig/faulty-binding.ts";
import { type History, runHistories } from "../rig/histories.ts";
import type { CapturedWebhook } from "../rig/outside-world.ts";
import { pause } from "../rig/quick-timers.ts";
import { CARDS, openShop, type Shop } from "../rig/shop.ts";
import { Shopper } from "../rig/shopper.ts";
import { runs, tell } from "../size.ts";

/** https://docs.stripe.com/webhooks/signature#replay-prevention */
const TOLERANCE_MS = 5 * MINUTE_MS;
const MOVES_MAX = 8;
const HOLD_POLLS_MAX = 2_000;

/** Every order of the numbers below `length`. */
function permutations(length: number): number[][] {
  if (length === 0) return [[]];
  return permutations(length - 1).flatMap((rest) =>
    Array.from({ length }, (_, place) => [...rest.slice(0, place), length - 1, ...rest.slice(place)]),
  );
}

function ageMs(webhook: CapturedWebhook): number {
  return Date.now() - Number(/t=(\d+)/.exec(webhook.signature)?.[1]) * 1_000;
}

/** The real provider signs every try anew; here each is signed once. */
function statusFor(webhook: CapturedWebhook): number {
  return ageMs(webhook) <= TOLERANCE_MS ? 200 : 400;
}

class WebhookHistory {
  readonly #shop: Shop;
  readonly #history: History;
  readonly #shopper: Shopper;
  /** Sent by the provider, not yet lost. */
  readonly #mail: CapturedWebhook[] = [];
  #location: string | undefined;
  approved = false;

  constructor(shop: Shop, history: History, shopper: Shopper) {
    this.#shop = shop;
    this.#history = history;
    this.#shopper = shopper;
  }

  async collect(): Promise<void> {
    this.#mail.push(...(await this.#shop.collectWebhooks()));
  }

  /** What the provider sends about the payment arrives while the checkout still waits for the payment's answer. */
  async checkoutOvertaken(): Promise<void> {
    const edge = this.#history.random.pick(["partition>payments.authorize", "partition>payments.capture"]);
    switchboard.inject((call) => (call.edge === edge ? "slow_answer" : undefined));
    let answered = false;
    const checkout = this.#shopper.checkout().finally(() => {
      answered = true;
    });
    for (let polls = 0; switchboard.held.length === 0 && !answered && polls < HOLD_POLLS_MAX; polls++) await pause();
    switchboard.calm();
    await this.collect();
    const deliveries = this.#mail.splice(0).map(deliverWebhook);
    await pause(2);
    await switchboard.releaseAll();
    const { status } = await checkout;
    this.#history.note(`webhooks overtake ${edge}: ${await Promise.all(deliveries)}, then checkout ${status}`);
  }

  async answerBank(approves: boolean): Promise<void> {
    const { bankUrl } = this.#shopper;
    if (bankUrl === undefined) return;
    const location = await this.#shop.answerBank(bankUrl, approves);
    this.#history.note(`bank asked, shopper ${approves ? "approves" : "declines"}: ${location ?? "too late"}`);
    this.#location = location ?? this.#location;
    if (approves && location !== undefined) this.approved = true;
    await this.collect();
  }

  async comeBack(): Promise<void> {
    if (this.#location === undefined) return;
    const told = await this.#shop.comeBack(this.#location);
    this.#history.note(`comes back: ${told.status} ${told.body.status ?? ""}`);
    await this.collect();
  }

  async deliverIn(places: readonly number[]): Promise<void> {
    for (const place of places) {
      const webhook = this.#mail[place];
      if (webhook !== undefined) this.#history.note(`${webhook.type}: ${await deliverWebhook(webhook)}`);
    }
    this.#mail.length = 0;
  }

  get inTheMail(): number {
    return this.#mail.length;
  }

  /** One webhook of the mail arrives, somehow, or does not. */
  async moveMail(): Promise<void> {
    const { random } = this.#history;
    if (this.#mail.length === 0) return await this.collect();
    const [webhook] = this.#mail.splice(random.integer(0, this.#mail.length - 1), 1);
    if (webhook === undefined) return;
    const fate = random.pick([
      "arrives",
      "arrives",
      "arrives thrice",
      "is lost",
      "is stale",
      "is just in time",
      "is forged",
    ] as const);
    this.#history.note(`${webhook.type} ${fate}`);
    switch (fate) {
      case "arrives":
        return expect(await deliverWebhook(webhook)).toBe(statusFor(webhook));
      case "arrives thrice":
        return expect(await Promise.all([1, 2, 3].map(() => deliverWebhook(webhook)))).toEqual(Array(3).fill(statusFor(webhook)));
      case "is lost":
        return;
      case "is stale":
        moveClock(TOLERANCE_MS + MINUTE_MS);
        return expect(await deliverWebhook(webhook)).toBe(400);
      case "is just in time":
        return await this.#justInTime(webhook);
      case "is forged":
        return expect(await deliverWebhook(this.#forged(webhook))).toBe(400);
    }
  }

  async #justInTime(webhook: CapturedWebhook): Promise<void> {
    const leftMs = TOLERANCE_MS - ageMs(webhook);
    if (leftMs > 1_000) moveClock(leftMs - 1_000);
    expect(await deliverWebhook(webhook)).toBe(statusFor(webhook));
  }

  #forged(webhook: CapturedWebhook): CapturedWebhook {
    const { body, signature } = webhook;
    const now = Math.floor(Date.now() / 1_000);
    return this.#history.random.pick([
      { ...webhook, body: body.replace(/"amount":\d+/, '"amount":1') },
      { ...webhook, body: body.replace(/ord_\w{26}/, "ord_01vpeyj7dreg09qm4k3zrr434z") },
      { ...webhook, body: `${body} ` },
      { ...webhook, signature: signature.replace(/t=\d+/, `t=${now + 1}`) },
      { ...webhook, signature: `t=${now},v1=${"0".repeat(64)}` },
      { ...webhook, signature: signature.replace("v1=", "v0=") },
      { ...webhook, signature: "" },
    ]);
  }

  /** Something happens, in no order. */
  async move(): Promise<void> {
    const { random } = this.#history;
    const what = random.pick(["mail", "mail", "mail", "bank", "back", "time", "again", "abandon"] as const);
    switch (what) {
      case "mail":
        return await this.moveMail();
      case "bank":
        return await this.answerBank(random.integer(1, 4) > 1);
      case "back":
        return await this.comeBack();
      case "time":
        return await this.#pass(random.pick([1_000, MINUTE_MS, 6 * MINUTE_MS, 16 * MINUTE_MS]));
      case "again":
        await this.#shopper.checkout();
        return;
      case "abandon":
        return await this.#abandon();
    }
  }

  async #pass(forMs: number): Promise<void> {
    this.#history.note(`${forMs / 1_000} s pass`);
    await passTime(forMs);
    await this.collect();
  }

  async #abandon(): Promise<void> {
    const { orderId } = this.#shopper;
    if (orderId === undefined || !this.#history.random.oneIn(3)) return;
    const told = await this.#shop.abandon(orderId);
    this.#history.note(`gives the payment up: ${told.status} ${told.body.status ?? ""}`);
  }
}

async function endsAsItsPayment(shop: Shop, sku: string, shopper: Shopper, paid: boolean, history: History): Promise<void> {
  await quiesce({ followers: false });
  const { orderId } = shopper;
  if (orderId === undefined) throw new Error("the shopper was never told of an order");
  const order = await shop.order(orderId);
  history.note(`${orderId} of ${sku} ends ${order.status}`);
  expect(shopper.lies(order)).toEqual([]);
  expect([order.status, await shop.available(sku)]).toEqual(paid ? ["placed", 2] : ["failed", 3]);
}

async function live(history: History): Promise<void> {
  const { random } = history;
  const shop = await openShop();
  const sku = await shop.sku(3);
  const card = random.pick([CARDS.good, CARDS.asks, CARDS.asks, CARDS.asks]);
  const shopper = new Shopper(shop, await shop.cart({ [sku]: 1 }), card);
  const story = new WebhookHistory(shop, history, shopper);
  if (random.oneIn(4)) await story.checkoutOvertaken();
  else await shopper.checkout();
  history.note(`${card}: ${shopper.told.at(-1)?.status} ${shopper.orderId}`);
  await story.collect();
  for (let moves = random.integer(1, MOVES_MAX); moves > 0; moves--) await story.move();
  await endsAsItsPayment(shop, sku, shopper, card === CARDS.good || story.approved, history);
}

describe("F3, webhooks", () => {
  it("takes the four events of a paid and refunded order in each of their 24 orders", { timeout: 600_000 }, async ({ task }) => {
    const orders = permutations(4);
    await runHistories("F3 permutations", orders.length, async (history) => {
      const shop = await openShop();
      const sku = await shop.sku(3);
      const shopper = new Shopper(shop, await shop.cart({ [sku]: 1 }), CARDS.asks);
      const story = new WebhookHistory(shop, history, shopper);
      await shopper.checkout();
      await story.collect();
      await story.answerBank(true);
      await story.comeBack();
      await shop.refund(shopper.orderId ?? "", { amount_minor: 100, restock: false });
      await story.collect();
      expect(story.inTheMail).toBe(4);
      await story.deliverIn(orders[history.number] ?? []);
      await endsAsItsPayment(shop, sku, shopper, true, history);
    });
    tell(task, { row: "F3", what: "webhook orders", histories: orders.length });
  });

  it("ends as the payment did, whatever becomes of the webhooks", { timeout: 3_600_000 }, async ({ task }) => {
    const histories = runs({ quick: 176, full: 4_976 });
    await runHistories("F3", histories, live);
    tell(task, { row: "F3", what: "webhook histories", histories });
  });
});
