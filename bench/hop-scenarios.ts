/** What is traced: one act, such as a visit, again and again by one shopper alone or by many at once. */
import { warmSkus } from "./scenarios/buying.ts";
import { benchSku, type Shop } from "./shop.ts";
import type { Visitors } from "./visit.ts";

export interface HopScenario {
  readonly title: string;
  /** At once, each with a connection of their own. */
  readonly shoppers: number;
  /** Acts of all shoppers, half of them traced. */
  readonly acts: number;
  /** @returns the act; `index` counts from 0 over all shoppers. */
  prepare(shop: Shop): Promise<(shopper: Visitors, index: number) => Promise<void>>;
}

const CROWD = 16;
const CART_LINES = 10;

function checkout(title: string, lines: number, shoppers: number, acts: number, skus = warmSkus()): HopScenario {
  return {
    title,
    shoppers,
    acts,
    prepare: async () => async (shopper, index) => {
      const wanted = Array.from({ length: lines }, (_, line) => skus[(index * lines + line) % skus.length] ?? "");
      const visit = await shopper.visit(...wanted);
      if (visit.kind !== "bought") throw new Error(`a visit ended as ${JSON.stringify(visit)}`);
    },
  };
}

const productRead: HopScenario = {
  title: "Product, warm",
  shoppers: 1,
  acts: 1_000,
  prepare: async () => (shopper) => shopper.look("/v1/products/bench-7"),
};

const cartLine: HopScenario = {
  title: "Add to cart",
  shoppers: 1,
  acts: 400,
  async prepare(shop) {
    const { body } = await shop.client.request<{ id: string; token: string }>("POST", "/v1/carts", { body: { currency: "GBP" } });
    const headers = { "cart-token": body.token };
    return (shopper, index) => {
      const path = `/v1/carts/${body.id}/lines/${benchSku(index % CART_LINES)}`;
      return shopper.ask("PUT", path, headers, JSON.stringify({ quantity: (index % 9) + 1 }));
    };
  },
};

export const HOP_SCENARIOS: Readonly<Record<string, HopScenario>> = {
  "product-read": productRead,
  "cart-line": cartLine,
  checkout: checkout("Full guest checkout, 1 line", 1, 1, 200),
  "checkout-10": checkout("Full guest checkout, 10 lines", 10, 1, 60),
  "checkout-crowd": checkout(`Full guest checkout, 1 line, ${CROWD} shoppers at once`, 1, CROWD, 800),
  "hot-sku": checkout(`One hot SKU, ${CROWD} shoppers at once`, 1, CROWD, 800, ["HOT"]),
};
