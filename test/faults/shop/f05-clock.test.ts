/**
 * F5: the clock jumps forwards and backwards by a quarter of an hour, also while a call is out: past a hold's end in the
 * middle of a payment. Two shoppers want the last units. Whoever was told "placed" has theirs, nobody else is charged.
 */
import { describe, expect, it } from "vitest";
import type { Order } from "../../../workers/orders/contract.ts";
import { MINUTE_MS, moveClock, passTime, quiesce, ringDue } from "../rig/clock.ts";
import { deliverWebhook } from "../rig/deliver.ts";
import { switchboard } from "../rig/faulty-binding.ts";
import { type History, runHistories } from "../rig/histories.ts";
import { world } from "../rig/outside-world.ts";
import { pause } from "../rig/quick-timers.ts";
import { CARDS, openShop, type Shop } from "../rig/shop.ts";
import { Shopper } from "../rig/shopper.ts";
import { runs, tell } from "../size.ts";

const JUMP_MAX_MINUTES = 15;
/** The hold lasts for fifteen. */
const PAST_HOLD_MS = 16 * MINUTE_MS;
const MOVES_MAX = 10;
const HOLD_POLLS_MAX = 2_000;
const EDGES = [
  "partition>inventory.hold",
  "partition>payments.authorize",
  "partition>payments.inspect",
  "partition>inventory.commit",
  "partition>payments.capture",
] as const;

class ClockHistory {
  readonly #shop: Shop;
  readonly #history: History;
  readonly #shoppers: readonly Shopper[];
  readonly #locations = new Map<Shopper, string>();
  #latestMs = Date.now();

  constructor(shop: Shop, history: History, shoppers: readonly Shopper[]) {
    this.#shop = shop;
    this.#history = history;
    this.#shoppers = shoppers;
  }

  async move(): Promise<void> {
    const { random } = this.#history;
    const shopper = random.pick(this.#shoppers);
    switch (
      random.pick(["buy", "buy", "buy slowly", "buy slowly", "bank", "back", "webhooks", "jump", "ring", "pass"] as const)
    ) {
      case "buy":
        return await this.#buy(shopper);
      case "buy slowly":
        return await this.#buySlowly(shopper);
      case "bank":
        return await this.#answerBank(shopper);
      case "back":
        return await this.#comeBack(shopper);
      case "webhooks":
        return await this.#webhooks();
      case "jump":
        return this.#jump();
      case "ring":
        return void (await ringDue());
      case "pass":
        return await passTime(random.integer(1, 60) * 1_000);
    }
  }

  /** The clock is right again. */
  correct(): void {
    moveClock(Math.max(0, this.#latestMs - Date.now()));
  }

  async #buy(shopper: Shopper): Promise<void> {
    const { status, body } = await shopper.checkout();
    this.#history.note(`${shopper.orderId} checkout: ${status} ${body.code ?? body.order?.status}`);
  }

  /** The answer to one of its calls is late, and meanwhile the clock jumps. */
  async #buySlowly(shopper: Shopper): Promise<void> {
    const { random } = this.#history;
    const edge = random.pick(EDGES);
    const fault = random.pick(["slow", "slow_answer"] as const);
    switchboard.inject((call) => (call.edge === edge && call.occurrence === 1 ? fault : undefined));
    let answered = false;
    const buying = this.#buy(shopper).finally(() => {
      answered = true;
    });
    for (let polls = 0; switchboard.held.length === 0 && !answered && polls < HOLD_POLLS_MAX; polls++) await pause();
    switchboard.calm();
    if (!answered) this.#history.note(`meanwhile, at a ${fault} ${edge}:`);
    this.#jump();
    if (random.oneIn(2)) await ringDue();
    await switchboard.releaseAll();
    await buying;
  }

  async #answerBank(shopper: Shopper): Promise<void> {
    const { bankUrl } = shopper;
    if (bankUrl === undefined) return;
    const location = await this.#shop.answerBank(bankUrl, !this.#history.random.oneIn(4));
    this.#history.note(`${shopper.orderId} answers the bank: ${location?.split("redirect_status=")[1] ?? "too late"}`);
    if (location !== undefined) this.#locations.set(shopper, location);
  }

  async #comeBack(shopper: Shopper): Promise<void> {
    const location = this.#locations.get(shopper);
    if (location === undefined) return;
    const told = await this.#shop.comeBack(location);
    this.#history.note(`${shopper.orderId} comes back: ${told.body.status ?? told.body.code}`);
  }

  async #webhooks(): Promise<void> {
    await ringDue();
    const statuses: number[] = [];
    for (const webhook of world.webhooks.splice(0)) statuses.push(await deliverWebhook(webhook));
    this.#history.note(`webhooks: ${statuses.join(" ")}`);
  }

  #jump(): void {
    const { random } = this.#history;
    const byMs = random.oneIn(3) ? PAST_HOLD_MS : random.integer(-JUMP_MAX_MINUTES, JUMP_MAX_MINUTES) * MINUTE_MS;
    moveClock(byMs);
    this.#latestMs = Math.max(this.#latestMs, Date.now());
    this.#history.note(`the clock jumps by ${byMs / MINUTE_MS} minutes`);
  }
}

async function live(history: History): Promise<void> {
  const { random } = history;
  const shop = await openShop();
  const units = random.integer(1, 2);
  const sku = await shop.sku(units);
  history.note(`${units} of ${sku}`);
  const shoppers: Shopper[] = [];
  for (const card of [random.pick([CARDS.good, CARDS.asks]), random.pick([CARDS.good, CARDS.asks, CARDS.declined])]) {
    shoppers.push(new Shopper(shop, await shop.cart({ [sku]: 1 }), card));
  }
  const story = new ClockHistory(shop, history, shoppers);
  for (let moves = random.integer(3, MOVES_MAX); moves > 0; moves--) await story.move();
  story.correct();
  await quiesce({ followers: false });
  const ended: Order[] = [];
  for (const shopper of shoppers) {
    const own = await Promise.all(shopper.orderIds.map((orderId) => shop.order(orderId)));
    expect(own.flatMap((order) => shopper.lies(order))).toEqual([]);
    ended.push(...own);
  }
  history.note(`in the end: ${ended.map(({ id, status }) => `${id} ${status}`).join(", ")}`);
  const placed = ended.filter(({ status }) => status === "placed").length;
  expect(ended.every(({ status }) => status === "placed" || status === "failed")).toBe(true);
  expect(placed + (await shop.available(sku))).toBe(units);
}

describe("F5, the clock", () => {
  it("sells each unit once and charges nobody for nothing, however the clock jumps", { timeout: 3_600_000 }, async ({ task }) => {
    const histories = runs({ quick: 100, full: 2_000 });
    await runHistories("F5", histories, live);
    tell(task, { row: "F5", what: "clock jumps", histories });
  });
});
