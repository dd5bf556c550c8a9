/** What people do in a history, and what breaks: each happening of a simulated shop. */
import { putLines } from "../../../../durable-objects/checkout-partition/change-cart.ts";
import type {
  Cart,
  CheckoutAnswer,
  CheckoutCommand,
  ShopPolicy,
} from "../../../../durable-objects/checkout-partition/contract.ts";
import type { Quote } from "../../../../workers/catalog/contract.ts";
import type { Buy, Deed, Happening, History } from "./history.ts";
import { CONTEXT, type SimulatedShop } from "./simulated-shop.ts";

const POLICY: ShopPolicy = {
  shippingRates: [],
  taxRates: [{ country: "GB", rateBasisPoints: 2_000, included: true }],
};
const ADDRESS = { name: "Ada", line1: "1 Quay Street", city: "London", postalCode: "N1 1AA", country: "GB" };
/** A shopper tries the same key again this often, and waits this long for an answer. */
const TRIES_MAX = 4;
const PATIENCE_MS = 30_000;
const TRY_AGAIN_MAX_MS = 20_000;
const NOT_FINAL: readonly string[] = ["unavailable", "checkout_pending", "idempotency", "checkout_in_progress"];

/** What people were promised. */
export interface Told {
  /** What each key was answered, each time. */
  readonly checkouts: Map<string, CheckoutAnswer[]>;
  /** Orders that are said to be cancelled. */
  readonly cancelled: Set<string>;
  /** `<order id> <key>` of refunds that are said to be made. */
  readonly refunded: Set<string>;
}

export function cartIdOf(buyer: number): string {
  return `cart_${buyer}`;
}

/** Puts everything that the history brings on the shop's calendar. */
export function schedule(shop: SimulatedShop, history: History, told: Told): void {
  const buys = new Map(
    history.happenings.flatMap((happening) => (happening.kind === "buy" ? [[happening.buyer, happening]] : [])),
  );
  for (const happening of history.happenings) {
    shop.time.later(happening.atMs, shop.street, () => {
      shop.note(() => `— ${describeDeed(happening)}`);
      act(shop, happening, buys, told);
    });
  }
}

export function describeDeed({ kind, ...more }: Deed | Happening): string {
  const words = Object.entries(more).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [kind, ...words].join(", ");
}

function act(shop: SimulatedShop, deed: Deed, buys: ReadonlyMap<number, Buy>, told: Told): void {
  switch (deed.kind) {
    case "buy":
      shop.putCart(filledCart(cartIdOf(deed.buyer), deed.lines, () => deed.unitPriceMinor, shop.time.wallMs(shop.partition)));
      void pay(shop, deed, "first", told);
      return;
    case "pay_again": {
      const buy = buys.get(deed.buyer);
      if (buy !== undefined && shop.tables.carts.has(cartIdOf(deed.buyer))) {
        void pay(shop, buy, deed.sameKey ? "first" : "second", told);
      }
      return;
    }
    case "move_stock":
      shop.stock(deed.sku).now.move("adjusted", deed.units);
      return;
    case "crash":
      crash(shop, deed.node);
      return;
    case "clock":
      setClock(shop, deed.of, deed.errorMs);
      return;
    default: {
      const orderId = shop.orderOf(cartIdOf(deed.buyer));
      if (orderId !== undefined) actOnOrder(shop, deed, orderId, told);
    }
  }
}

type OrderDeed = Extract<Deed, { readonly kind: "bank" | "come_back" | "abandon" | "cancel" | "refund" | "ship" }>;

function actOnOrder(shop: SimulatedShop, deed: OrderDeed, orderId: string, told: Told): void {
  const { host } = shop;
  const ask = (command: () => Promise<{ readonly ok: boolean }>, promised: () => void = () => undefined): void => {
    const heard = ({ ok }: { readonly ok: boolean }) => ok && promised();
    shop.ask("wish", `${deed.kind} ${orderId}`, command).then(heard, () => undefined);
  };
  switch (deed.kind) {
    case "bank":
      shop.provider.act(orderId, deed.decides);
      shop.webhook(orderId, deed.webhookMs);
      return;
    case "come_back":
      ask(() => host.object.resumePayment(orderId, CONTEXT));
      return;
    case "abandon":
      ask(() => host.object.abandonPayment(orderId, CONTEXT));
      return;
    case "cancel":
      ask(
        () => host.object.cancel(orderId, "changed their mind", CONTEXT),
        () => void told.cancelled.add(orderId),
      );
      return;
    case "ship": {
      const command = { orderId, idempotencyKey: "s1", carrier: null, trackingNumber: null, lines: [] };
      ask(() => host.object.ship(command, CONTEXT));
      return;
    }
    case "refund": {
      const { key, amountMinor, units, restock } = deed;
      const sku = shop.tables.orders.get(orderId)?.lines[0]?.sku ?? "";
      const lines = units === 0 ? [] : [{ sku, quantity: units }];
      const bodySha256 = JSON.stringify([amountMinor, units, restock]);
      const command = { orderId, idempotencyKey: key, bodySha256, amountMinor, lines, restock };
      ask(
        () => host.object.refund(command, CONTEXT),
        () => void told.refunded.add(`${orderId} ${key}`),
      );
      return;
    }
  }
}

/** A shopper presses the button, and again with the same key when no final answer comes. */
async function pay(shop: SimulatedShop, buy: Buy, key: string, told: Told): Promise<void> {
  const cart = shop.tables.carts.get(cartIdOf(buy.buyer));
  if (cart === undefined) return;
  const command = checkoutCommand(cart, key, buy.card, () => buy.unitPriceMinor);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    try {
      const answer = await withPatience(
        shop.ask("checkout", `${cart.id} with ${key}`, () => shop.host.object.checkout(command, CONTEXT)),
      );
      const known = told.checkouts.get(`${cart.id} ${key}`) ?? [];
      told.checkouts.set(`${cart.id} ${key}`, [...known, answer]);
      if (answer.ok || !NOT_FINAL.includes(answer.error.code)) return;
    } catch {
      // No answer: the same key again.
    }
    const waitMs = shop.time.random.integer(1, TRY_AGAIN_MAX_MS);
    await new Promise<void>((resolve) => setTimeout(resolve, waitMs));
  }
}

async function withPatience<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), PATIENCE_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function crash(shop: SimulatedShop, node: Extract<Deed, { kind: "crash" }>["node"]): void {
  if (node === "partition" || node === "everything") shop.host.crash();
  if (node === "inventory" || node === "everything") shop.inventory.life += 1;
  if (node === "follower" || node === "everything") for (const follower of shop.followers) follower.node.life += 1;
}

function setClock(shop: SimulatedShop, of: Extract<Deed, { kind: "clock" }>["of"], errorMs: number): void {
  if (of !== "stock") {
    shop.partition.clockErrorMs = errorMs;
    shop.host.planAlarm();
  }
  if (of !== "partition") for (const { node } of shop.stocks.values()) node.clockErrorMs = errorMs;
}

export type PriceOf = (sku: string) => number;

export function filledCart(cartId: string, lines: Buy["lines"], priceOf: PriceOf, nowMs: number): Cart {
  const empty: Cart = {
    id: cartId,
    state: "open",
    currency: "GBP",
    email: "ada@shop.test",
    customerId: null,
    lines: [],
    shippingAddress: ADDRESS,
    shippingOptionId: null,
    totals: { subtotalMinor: 0, discountMinor: 0, shippingMinor: 0, taxMinor: 0, totalMinor: 0 },
    expiresAtMs: nowMs,
    orderId: null,
  };
  const quoted = lines.map(({ sku, quantity }) => ({ quote: quoteOf(sku, priceOf(sku)), quantity }));
  const filled = putLines(empty, { cartId, lines: quoted, removeSkus: [], replace: true, policy: POLICY }, nowMs - 1);
  if (!filled.ok) throw new Error(filled.error.code);
  return filled.value;
}

export function checkoutCommand(cart: Cart, key: string, card: Buy["card"], priceOf: PriceOf): CheckoutCommand {
  return {
    cartId: cart.id,
    idempotencyKey: key,
    bodySha256: card,
    paymentMethod: `pm_card_${card}`,
    returnUrl: "https://shop.test/{order_id}",
    quotes: cart.lines.map(({ quote: { sku } }) => quoteOf(sku, priceOf(sku))),
    policy: POLICY,
  };
}

function quoteOf(sku: string, unitPriceMinor: number): Quote {
  return {
    sku,
    productId: "prod_1",
    handle: sku,
    title: sku,
    unitPriceMinor,
    currency: "GBP",
    weightGrams: 100,
    requiresShipping: false,
    taxable: true,
    image: null,
  };
}
