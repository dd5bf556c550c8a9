/** A patient shopper: asks again with the same key until there is an answer, and remembers everything they were told. */
import type { Order } from "../../../workers/orders/contract.ts";
import { type Card, insist, type RigCart, type Shop, type Told } from "./shop.ts";

export class Shopper {
  /** Answers about the one checkout, oldest first. */
  readonly told: Told[] = [];
  readonly #shop: Shop;
  readonly #cart: RigCart;
  readonly #card: Card;

  constructor(shop: Shop, cart: RigCart, card: Card) {
    this.#shop = shop;
    this.#cart = cart;
    this.#card = card;
  }

  /** Pays, or asks what became of it. */
  async checkout(): Promise<Told> {
    const told = await insist(() => this.#shop.checkout(this.#cart, this.#card));
    this.told.push(told);
    return told;
  }

  /** Every order that an answer named, oldest first. */
  get orderIds(): string[] {
    const named = this.told.flatMap(({ body }) => (body.order?.id ?? body.order_id ?? []) as string | []);
    return [...new Set(named)];
  }

  get orderId(): string | undefined {
    return this.orderIds.at(-1);
  }

  /** The bank's page, while the shopper has to go there. */
  get bankUrl(): string | undefined {
    return this.told.findLast(({ body }) => body.next_action?.url !== undefined)?.body.next_action.url;
  }

  /** What they were told about the order and is not so; empty when everything agrees with it as it ended. */
  lies(order: Order): string[] {
    return this.told.flatMap((told) => lieOf(told, order) ?? []);
  }
}

/** A definite answer stays true: placed is placed, refused is neither placed nor charged. */
function lieOf({ status, body }: Told, order: Order): string | undefined {
  const wasPlaced = order.timeline.some(({ type }) => type === "order.placed");
  if (status >= 500 && status !== 503) return `was told ${status} ${body.code}`;
  const about = body.order?.id ?? body.order_id;
  if (about !== undefined && about !== order.id) return undefined;
  if (status === 201 && !wasPlaced) return `was told "placed", but the order is ${order.status}`;
  const refused = status === 402 || body.code === "out_of_stock" || body.code === "sku_unavailable";
  if (refused && wasPlaced) return `was told "${body.code}", but the order was placed`;
  return undefined;
}
