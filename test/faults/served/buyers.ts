/** Buyers, and the operator who serves them: each lives through one story and keeps what it was told. */
import { setTimeout as pause } from "node:timers/promises";
import { answerBank } from "../../system/bank-page.ts";
import type { Answer, CartView, CheckoutView, OrderView, Problem } from "../../system/shop.ts";
import type { Claim, Heard } from "./claims.ts";
import { isInFlight, type PatientShop } from "./patient-shop.ts";

export const STORIES = [
  "pays",
  "pays for several lines",
  "wants what is scarce",
  "is declined",
  "has insufficient funds",
  "approves at the bank",
  "declines at the bank",
  "gives the payment up",
  "is cancelled while the bank asks",
  "is cancelled after paying",
  "gets a line back",
  "gets a part back",
] as const;
export type Story = (typeof STORIES)[number];

const METHODS: Partial<Record<Story, string>> = {
  "is declined": "pm_card_chargeDeclined",
  "has insufficient funds": "pm_card_chargeDeclinedInsufficientFunds",
  "approves at the bank": "pm_card_authenticationRequired",
  "declines at the bank": "pm_card_authenticationRequired",
  "gives the payment up": "pm_card_authenticationRequired",
  "is cancelled while the bank asks": "pm_card_authenticationRequired",
};
const PART_MINOR = 100;
const PAUSE_MS = 40;
const PATIENCE_MS = 60_000;

type Checkout = CheckoutView & Problem;

export class Buyer {
  readonly claim: Claim;
  readonly #shop: PatientShop;
  readonly #story: Story;
  readonly #key: string;
  #cart: CartView | undefined;

  constructor(
    shop: PatientShop,
    who: { readonly name: string; readonly story: Story; readonly units: Readonly<Record<string, number>> },
  ) {
    this.#shop = shop;
    this.#story = who.story;
    this.#key = `key-${who.name}`;
    const { story, units } = who;
    this.claim = {
      email: `${who.name}@shop.example`,
      story,
      units,
      totalMinor: 0,
      heard: [],
      lastStatus: null,
      refund: null,
      cancellation: null,
    };
  }

  async live(): Promise<void> {
    this.#cart = await this.#shop.fillCart(this.claim.units, this.claim.email);
    this.claim.totalMinor = this.#cart.totals.total.amount_minor;
    const checkout = await this.checkOut();
    if (checkout === undefined) return;
    await this.#goOn(checkout);
  }

  /** Repeats the same request until it is decided. @returns undefined when it was refused. */
  async checkOut(): Promise<CheckoutView | undefined> {
    if (this.#cart === undefined) throw new Error("there is no cart to check out");
    const deadlineMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.#shop.checkout<Checkout>(this.#cart, METHODS[this.#story] ?? "pm_card_visa", this.#key);
      if (!isInFlight(answer) && !isPending(answer)) {
        this.claim.heard.push(heardOf(answer));
        return answer.status < 300 ? answer.body : undefined;
      }
      if (Date.now() > deadlineMs) throw new Error(`${this.claim.email}: the checkout stays in flight`);
      await pause(PAUSE_MS);
    }
  }

  /** What the first try did not learn, because the gateway keeps the key of a dead request for a minute. */
  async askAgain(): Promise<void> {
    const orderId = this.claim.heard[0]?.orderId;
    if (this.claim.refund?.certain === false && orderId != null) await this.#refund(orderId, this.#refundBody());
  }

  async #goOn(checkout: CheckoutView): Promise<void> {
    const { id } = checkout.order;
    switch (this.#story) {
      case "approves at the bank":
      case "declines at the bank":
        return await this.#visitBank(checkout, this.#story === "approves at the bank" ? "approve" : "decline");
      case "gives the payment up":
        return await this.#giveUp(checkout);
      case "is cancelled while the bank asks":
      case "is cancelled after paying":
        return await this.#cancel(id);
      case "gets a line back":
      case "gets a part back":
        return await this.#refund(id, this.#refundBody());
      default:
        this.claim.lastStatus = checkout.order.status;
    }
  }

  async #visitBank(checkout: CheckoutView, button: "approve" | "decline"): Promise<void> {
    const url = checkout.next_action?.url;
    if (url === undefined) return;
    await this.#shop.until(
      async () => await answerBank(url, button).then(() => true, isAnswered),
      (answered) => answered,
    );
    const order = await this.#shop.until(
      () => this.#shop.order(checkout),
      ({ status }) => status !== "awaiting_payment",
    );
    this.claim.lastStatus = order.status;
  }

  async #giveUp({ order, token }: CheckoutView): Promise<void> {
    const path = `/v1/orders/${order.id}/payment-abandonment`;
    const answer = await this.#shop.call<OrderView>("POST", path, { headers: { "order-token": token } });
    this.claim.lastStatus = answer.body.status;
  }

  async #cancel(orderId: string): Promise<void> {
    this.claim.cancellation = { certain: false };
    const answer = await this.#shop.admin<OrderView>("POST", `/v1/admin/orders/${orderId}/cancel`);
    if (answer.status !== 200) throw new Error(`${orderId} was not cancelled: ${JSON.stringify(answer.body)}`);
    this.claim.cancellation = { certain: true };
    this.claim.lastStatus = answer.body.status;
  }

  async #refund(orderId: string, body: { readonly amount_minor?: number }): Promise<void> {
    const amountMinor = body.amount_minor ?? this.#lineMinor();
    this.claim.refund = { amountMinor, certain: false };
    const headers = { "idempotency-key": `refund-${this.#key}` };
    const answer = await this.#shop.admin<OrderView>("POST", `/v1/admin/orders/${orderId}/refunds`, { body, headers });
    if (isInFlight(answer)) return;
    if (answer.status !== 200) throw new Error(`${orderId} was not refunded: ${JSON.stringify(answer.body)}`);
    this.claim.refund = { amountMinor, certain: true };
    this.claim.lastStatus = answer.body.status;
  }

  #refundBody() {
    if (this.#story === "gets a part back") return { amount_minor: PART_MINOR, restock: false };
    return { lines: [{ sku: Object.keys(this.claim.units)[0], quantity: 1 }], restock: true };
  }

  #lineMinor(): number {
    return this.#cart?.lines[0]?.unit_price.amount_minor ?? 0;
  }
}

function heardOf({ status, body, headers }: Answer<Checkout>): Heard {
  return {
    status,
    code: body.code ?? null,
    orderId: body.order?.id ?? null,
    orderStatus: body.order?.status ?? null,
    replayed: headers.get("idempotent-replayed") === "true",
  };
}

/** The saga goes on without the shopper: the same key gives its end. */
function isPending({ status, body }: Answer<Checkout>): boolean {
  return status === 202 && body.next_action == null;
}

/** A page without buttons says that the bank has its answer; everything else is a bank that is away. */
function isAnswered(error: unknown): boolean {
  return error instanceof Error && error.message.includes("has no");
}
