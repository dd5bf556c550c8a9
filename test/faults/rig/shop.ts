/**
 * The fault rig, and how to use it. One isolate runs the real code of orders, inventory, payments, the payment sandbox,
 * notifications and analytics with their objects; every call between two of them goes through the `switchboard`.
 *
 *     const shop = await openShop();                              // starts the clock, forgets faults and captured things
 *     const sku = await shop.sku(5);                              // a new SKU with 5 units at £10
 *     const cart = await shop.cart({ [sku]: 2 });                 // complete: address and shipping chosen
 *     switchboard.inject(({ edge, occurrence }) =>                // a fault: `partition>payments.capture`, first call
 *       edge === "partition>payments.capture" && occurrence === 1 ? "lose_answer" : undefined);
 *     const told = await shop.checkout(cart);                     // { status, body } as the shopper sees it
 *     await quiesce();                                            // faults end, held calls go on, 45 minutes pass
 *     expect(await auditShop()).toEqual([]);
 *
 * Edges: `orders>partition.*`, `orders>catalog.quote`, `partition>inventory.*`, `partition>payments.*`,
 * `partition>order-events-….sendBatch`, `inventory>sku.*`, `sku>stock-events-analytics.sendBatch`, `payments>provider.fetch`,
 * `sandbox>account.*`, `account>receiver.fetch`, `payments>orders.*`, `notifications>orders.*`, `analytics>orders.*`,
 * `analytics>inventory.*`. Faults: see `fault.ts`; `switchboard.calls` tells what was called.
 * Time: `moveClock` and `passTime` in `clock.ts`; only `Date` is faked, timers are quick (`quick-timers.ts`).
 * Queue messages, webhooks and mails are captured in `world` (`outside-world.ts`) and delivered by `deliver.ts`.
 * `slow` calls wait for `switchboard.releaseAll()`: start the command without awaiting it.
 */
import type { CheckoutPartitionApi } from "../../../durable-objects/checkout-partition/contract.ts";
import type { Order } from "../../../workers/orders/contract.ts";
import { partitionName, partitionOf } from "../../../workers/shared/identifiers.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import { passTime, startClock } from "./clock.ts";
import { abortObject } from "./fault.ts";
import { switchboard } from "./faulty-binding.ts";
import { settled } from "./object-life.ts";
import { type CapturedWebhook, captureLogs, prices, world } from "./outside-world.ts";
import { quickenTimers } from "./quick-timers.ts";
import { here, rig } from "./wiring.ts";

const ORIGIN = "http://localhost:8787";
const ADDRESS = { name: "Ada Canary", line1: "1 Secret Street", city: "London", postal_code: "N1 1AA", country: "GB" };
const OPERATOR: Principal = { ...GUEST, kind: "operator", scopes: ["*"] };

export const CARDS = {
  good: "pm_card_visa",
  declined: "pm_card_chargeDeclined",
  poor: "pm_card_chargeDeclinedInsufficientFunds",
  asks: "pm_card_authenticationRequired",
} as const;
export type Card = (typeof CARDS)[keyof typeof CARDS];

interface ToldOrder {
  readonly id: string;
  readonly status: string;
  readonly totals: unknown;
}

/** What the tests read of any answer; an absent member fails their assertion. */
interface ToldBody {
  readonly id: string;
  readonly code: string;
  readonly status: string;
  readonly totals: unknown;
  readonly order_id: string;
  readonly order: ToldOrder;
  readonly next_action: { readonly url: string };
}

/** What somebody outside was told. */
export interface Told {
  readonly status: number;
  readonly body: ToldBody;
}

export interface RigCart {
  readonly id: string;
  readonly as: Principal;
}

interface Call {
  readonly as?: Principal;
  readonly continent?: string;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly key?: string;
}

/** Each has a partition of its own. */
const CONTINENTS = ["EU", "NA", "AS"] as const;
/** A client asks again when it is told to; then somebody else has to think. */
const TRIES_MAX = 6;

let skus = 0;
let carts = 0;

/** Begins a history: the books of earlier ones stay, their faults and captured things do not. */
export async function openShop(): Promise<Shop> {
  quickenTimers();
  captureLogs();
  startClock();
  switchboard.inject(() => undefined);
  await switchboard.releaseAll();
  await settled();
  for (const captured of Object.values(world)) captured.length = 0;
  return new Shop();
}

export class Shop {
  /** A new SKU with its stock and price. */
  async sku(stock: number, priceMinor = 1_000): Promise<string> {
    skus += 1;
    const sku = `SKU-${String(skus).padStart(5, "0")}`;
    prices.set(sku, priceMinor);
    await here
      .inventory()
      .setOpeningBalances([{ sku, location: "default", quantity: stock, backorderable: false }], newContext());
    return sku;
  }

  setPrice(sku: string, priceMinor: number): void {
    prices.set(sku, priceMinor);
  }

  /** A cart that lacks nothing. Carts live in three partitions by turns, or in that of the continent. */
  async cart(lines: Readonly<Record<string, number>>, continent = nextContinent()): Promise<RigCart> {
    const body = { email: "ada@canary.test" };
    const created = expectStatus(201, await insist(() => call("orders", "POST", "/v1/carts", { body, continent })));
    const cart: RigCart = { id: created.body.id, as: { ...GUEST, capabilities: [created.body.id] } };
    const wanted = Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity }));
    if (wanted.length > 0) expectStatus(200, await insist(() => this.setLines(cart, wanted)));
    const contact = { shipping_address: ADDRESS, shipping_option_id: "uk-standard" };
    expectStatus(200, await insist(() => call("orders", "PATCH", `/v1/carts/${cart.id}`, { as: cart.as, body: contact })));
    return cart;
  }

  /** Replaces all lines. */
  async setLines(cart: RigCart, lines: readonly { readonly sku: string; readonly quantity: number }[]): Promise<Told> {
    return await call("orders", "PUT", `/v1/carts/${cart.id}/lines`, { as: cart.as, body: { lines } });
  }

  /** The same key asks for the same outcome again. */
  async checkout(cart: RigCart, card: Card = CARDS.good, key = `key-${cart.id}`): Promise<Told> {
    const body = { payment_method: card };
    return await call("orders", "POST", `/v1/carts/${cart.id}/checkout`, { as: cart.as, body, key });
  }

  /** The shopper answers the bank. @returns where the bank sends the browser; undefined: the payment is over. */
  async answerBank(redirectUrl: string, approves: boolean): Promise<string | undefined> {
    const url = new URL(redirectUrl);
    const path = `${url.pathname}/${approves ? "approve" : "decline"}`;
    const form = { client_secret: url.searchParams.get("client_secret") ?? "" };
    const response = await send("sandbox", "POST", path, { form });
    return response.headers.get("location") ?? undefined;
  }

  /** The browser comes back from the bank. */
  async comeBack(location: string): Promise<Told> {
    const { pathname, search } = new URL(location);
    return await call("orders", "GET", pathname + search);
  }

  async abandon(orderId: string): Promise<Told> {
    const as = { ...GUEST, capabilities: [orderId] };
    return await call("orders", "POST", `/v1/orders/${orderId}/payment-abandonment`, { as });
  }

  async cancel(orderId: string): Promise<Told> {
    return await call("orders", "POST", `/v1/admin/orders/${orderId}/cancel`, { as: OPERATOR, body: {} });
  }

  /** @param body as the API takes it: `{ amount_minor?, lines?, restock }`. */
  async refund(orderId: string, body: object, key = crypto.randomUUID()): Promise<Told> {
    return await call("orders", "POST", `/v1/admin/orders/${orderId}/refunds`, { as: OPERATOR, body, key });
  }

  async ship(orderId: string, key = crypto.randomUUID()): Promise<Told> {
    return await call("orders", "POST", `/v1/admin/orders/${orderId}/shipments`, { as: OPERATOR, body: {}, key });
  }

  async receive(sku: string, quantity: number, key = crypto.randomUUID()): Promise<Told> {
    return await call("inventory", "POST", `/v1/admin/stock/${sku}/receipts`, { as: OPERATOR, body: { quantity }, key });
  }

  /** The truth about an order, read past every fault. */
  async order(orderId: string): Promise<Order> {
    const partition = partitionOf(orderId);
    if (partition === undefined) throw new Error(`not an order: ${orderId}`);
    const stub = rig.CHECKOUT_PARTITION.getByName(partitionName(partition)) as unknown as CheckoutPartitionApi;
    const found = await stub.readOrder(orderId);
    if (!found.ok) throw new Error(`${orderId}: ${found.error.code}`);
    return found.value;
  }

  async available(sku: string): Promise<number> {
    const answer = await here.inventory().availability([sku], newContext());
    return (answer.ok ? answer.value[0]?.available : undefined) ?? Number.NaN;
  }

  /** Lets the provider send what is due, and takes it: nothing is delivered by that. */
  async collectWebhooks(): Promise<CapturedWebhook[]> {
    await passTime(300);
    return world.webhooks.splice(0);
  }

  /** Every object with this prefix loses its memory: `CHECKOUT_PARTITION`, `SKU_STOCK/SKU-00001`, `SANDBOX_ACCOUNT`. */
  async crash(prefix: string): Promise<void> {
    for (const [name, { stub }] of switchboard.touched) if (name.startsWith(prefix)) await abortObject(stub());
  }

  /** The order is at rest: nothing will happen to it without somebody asking. */
  async hasEnded(orderId: string): Promise<boolean> {
    const { status } = await this.order(orderId);
    return status !== "submitted" && status !== "awaiting_payment";
  }
}

function nextContinent(): string {
  return CONTINENTS[carts++ % CONTINENTS.length] ?? "EU";
}

/** Asks again while the answer is that somebody does not answer, or is at it. */
export async function insist(ask: () => Promise<Told>): Promise<Told> {
  for (let tries = 1; ; tries++) {
    const told = await ask();
    const again = told.status === 503 || told.body?.code === "idempotency_key_in_flight";
    if (!again || tries === TRIES_MAX) return told;
  }
}

function expectStatus(expected: number, told: Told): Told {
  if (told.status !== expected) throw new Error(`expected ${expected}, was told ${told.status} ${JSON.stringify(told.body)}`);
  return told;
}

async function call(service: "orders" | "inventory" | "sandbox" | "payments", method: string, path: string, what: Call = {}) {
  const response = await send(service, method, path, what);
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, body: isJson ? JSON.parse(text) : text } satisfies Told;
}

async function send(service: "orders" | "inventory" | "sandbox" | "payments", method: string, path: string, what: Call) {
  const headers = new Headers({ [PRINCIPAL_HEADER]: encodePrincipal(what.as ?? GUEST), accept: "application/json" });
  if (what.key !== undefined) headers.set("idempotency-key", what.key);
  if (what.body !== undefined) headers.set("content-type", "application/json");
  const body = what.form === undefined ? JSON.stringify(what.body) : new URLSearchParams(what.form);
  const init = { method, headers, ...(method === "GET" || body === undefined ? {} : { body }) };
  const cf = what.continent === undefined ? {} : { cf: { continent: what.continent } };
  return await here[service]().fetch(new Request(ORIGIN + path, { ...init, ...cf } as RequestInit));
}
