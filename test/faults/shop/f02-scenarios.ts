/** Ways through the shop that between them make every call between two services. Each says how it must end without help. */
import { MINUTE_MS, passTime } from "../rig/clock.ts";
import { deliverQueues, deliverWebhook } from "../rig/deliver.ts";
import type { History } from "../rig/histories.ts";
import { world } from "../rig/outside-world.ts";
import { CARDS, type Card, insist, type Shop } from "../rig/shop.ts";
import { Shopper } from "../rig/shopper.ts";

/** How the order ends; `cancelled`: placed, and cancelled afterwards. */
export type End = "placed" | "failed" | "cancelled";

export interface Scenario {
  readonly name: string;
  readonly end: End;
  /** What is there before any fault. */
  readonly stock: readonly number[];
  /** Units that are gone for good in the end, by SKU. */
  readonly sold: readonly number[];
  live(shop: Shop, skus: readonly string[], history: History): Promise<Shopper>;
}

const QUANTITY = 2;
const WEBHOOK_TRIES_MAX = 4;

async function begin(shop: Shop, skus: readonly string[], history: History, card: Card): Promise<Shopper> {
  const cart = await shop.cart(Object.fromEntries(skus.map((sku) => [sku, QUANTITY])), "EU");
  const shopper = new Shopper(shop, cart, card);
  const { status, body } = await shopper.checkout();
  history.note(`${skus.join("+")} ${cart.id} checkout: ${status} ${body.code ?? body.order.status} ${shopper.orderId ?? ""}`);
  return shopper;
}

/** The saga may still be at it when a fault made it slow: a minute later it is not. */
async function atRest(shop: Shop, shopper: Shopper): Promise<string | undefined> {
  const { orderId } = shopper;
  if (orderId !== undefined && (await shop.hasEnded(orderId))) return orderId;
  await passTime(5 * MINUTE_MS);
  await shopper.checkout();
  return shopper.orderId;
}

/** Approves at the bank, however often the way there breaks. @returns where the bank sends the browser */
async function approve(shop: Shop, shopper: Shopper): Promise<string | undefined> {
  if (shopper.bankUrl === undefined) {
    await passTime(5 * MINUTE_MS);
    await shopper.checkout();
  }
  const { bankUrl } = shopper;
  if (bankUrl === undefined) return undefined;
  for (let tries = 0; tries < WEBHOOK_TRIES_MAX; tries++) {
    const location = await shop.answerBank(bankUrl, true).catch(() => undefined);
    if (location !== undefined) return location;
  }
  return undefined;
}

const paysByCard: Scenario = {
  name: "pays by card",
  end: "placed",
  stock: [5],
  sold: [QUANTITY],
  async live(shop, skus, history) {
    const shopper = await begin(shop, skus, history, CARDS.good);
    await passTime(MINUTE_MS);
    await deliverQueues();
    return shopper;
  },
};

/** One partition's orders for one SKU share calls to inventory: what breaks then breaks for several. */
const buysInACrowd: Scenario = {
  name: "buys in a crowd",
  end: "placed",
  stock: [4 * QUANTITY],
  sold: [4 * QUANTITY],
  async live(shop, skus, history) {
    const shoppers = await Promise.all(Array.from({ length: 4 }, () => begin(shop, skus, history, CARDS.good)));
    for (const shopper of shoppers) await atRest(shop, shopper);
    return shoppers[0] ?? (await begin(shop, skus, history, CARDS.good));
  },
};

const losesMessages: Scenario = {
  name: "pays by card after the messages of an earlier order were lost",
  end: "placed",
  stock: [9],
  sold: [2 * QUANTITY],
  async live(shop, skus, history) {
    await atRest(shop, await begin(shop, skus, history, CARDS.good));
    await passTime(MINUTE_MS);
    world.messages.length = 0;
    const shopper = await begin(shop, skus, history, CARDS.good);
    await passTime(MINUTE_MS);
    await deliverQueues();
    return shopper;
  },
};

const isDeclined: Scenario = {
  name: "is declined",
  end: "failed",
  stock: [5],
  sold: [0],
  live: (shop, skus, history) => begin(shop, skus, history, CARDS.declined),
};

const comesTooLate: Scenario = {
  name: "comes too late for one of two things",
  end: "failed",
  stock: [5, 1],
  sold: [0, 0],
  live: (shop, skus, history) => begin(shop, skus, history, CARDS.good),
};

const comesBack: Scenario = {
  name: "approves and comes back from the bank",
  end: "placed",
  stock: [5],
  sold: [QUANTITY],
  async live(shop, skus, history) {
    const shopper = await begin(shop, skus, history, CARDS.asks);
    const location = await approve(shop, shopper);
    if (location !== undefined) await insist(() => shop.comeBack(location));
    return shopper;
  },
};

const sendsWebhook: Scenario = {
  name: "approves and closes the browser",
  end: "placed",
  stock: [5],
  sold: [QUANTITY],
  async live(shop, skus, history) {
    const shopper = await begin(shop, skus, history, CARDS.asks);
    await approve(shop, shopper);
    for (const webhook of await shop.collectWebhooks()) {
      for (let tries = 0; tries < WEBHOOK_TRIES_MAX && (await deliverWebhook(webhook)) >= 400; tries++);
    }
    return shopper;
  },
};

const walksAway: Scenario = {
  name: "walks away from the bank",
  end: "failed",
  stock: [5],
  sold: [0],
  async live(shop, skus, history) {
    const shopper = await begin(shop, skus, history, CARDS.asks);
    await passTime(20 * MINUTE_MS);
    return shopper;
  },
};

const isRefunded: Scenario = {
  name: "sends one unit back",
  end: "placed",
  stock: [5],
  sold: [QUANTITY - 1],
  async live(shop, skus, history) {
    const shopper = await begin(shop, skus, history, CARDS.good);
    const orderId = await atRest(shop, shopper);
    if (orderId === undefined) return shopper;
    const lines = skus.map((sku) => ({ sku, quantity: 1 }));
    const told = await insist(() => shop.refund(orderId, { lines, restock: true }, `refund-${orderId}`));
    history.note(`refund: ${told.status} ${told.body.code ?? ""}`);
    return shopper;
  },
};

const isCancelled: Scenario = {
  name: "is cancelled after paying",
  end: "cancelled",
  stock: [5],
  sold: [0],
  async live(shop, skus, history) {
    const shopper = await begin(shop, skus, history, CARDS.good);
    const orderId = await atRest(shop, shopper);
    if (orderId === undefined) return shopper;
    const told = await insist(() => shop.cancel(orderId));
    history.note(`cancel: ${told.status} ${told.body.code ?? ""}`);
    return shopper;
  },
};

export const SCENARIOS: readonly Scenario[] = [
  paysByCard,
  buysInACrowd,
  losesMessages,
  isDeclined,
  comesTooLate,
  comesBack,
  sendsWebhook,
  walksAway,
  isRefunded,
  isCancelled,
];
