/** Carts and checkouts by shoppers who begin anew when they are done: the peak, and what one waits below it. */
import type { Bar, Measurement, ReferenceName } from "../figure.ts";
import { measureHttp } from "../measure.ts";
import type { Outcome, Scenario } from "../scenario.ts";
import { benchSku, PRODUCT_COUNT, type Shop } from "../shop.ts";
import { measureCrowd, measureVisits, TrafficThread } from "../traffic.ts";

export const SHOPPERS = 16;
/** SKUs that sell again and again. */
const WARM_SKUS = 50;
/** Of the peak: a shop that is busy, not full. */
const BUSY = 0.7;
const CART_LINES = 10;

/** @param skus from which the carts are filled, in turn */
export async function withShoppers<T>(
  shop: Pick<Shop, "url">,
  skus: readonly string[],
  linesPerCart: number,
  use: (thread: TrafficThread) => Promise<T>,
): Promise<T> {
  const thread = new TrafficThread({ url: shop.url, skus, linesPerCart });
  try {
    return await use(thread);
  } finally {
    await thread.stop();
  }
}

export function warmSkus(): readonly string[] {
  return Array.from({ length: WARM_SKUS }, (_, index) => benchSku(PRODUCT_COUNT - 1 - index));
}

async function crowd(shop: Shop, skus: readonly string[], linesPerCart: number, seconds: number): Promise<Outcome> {
  return await withShoppers(shop, skus, linesPerCart, async (thread) => {
    // Untouched SKUs have no second first order.
    const warmUpSeconds = skus.length < PRODUCT_COUNT ? undefined : 0;
    return { measurement: await measureCrowd(thread, SHOPPERS, seconds, warmUpSeconds) };
  });
}

/** What the bare runtime does of one: with all that follows an order, and without. */
interface CheckoutKind {
  readonly lines: number;
  readonly bar?: Bar;
  readonly counterparts?: readonly ReferenceName[];
  readonly quick?: boolean;
}

function checkout({ lines, bar, counterparts = [], quick = false }: CheckoutKind): Scenario {
  const title = lines === 1 ? "Full guest checkout, 1 line" : `Full guest checkout, ${lines} lines`;
  return {
    title,
    unit: "orders",
    reference: counterparts[0] ?? "singleWrite",
    counterparts,
    bar: bar ?? null,
    rounds: "every",
    quick,
    async run(shop, { durationSeconds }) {
      return { ...(await crowd(shop, warmSkus(), lines, durationSeconds)), note: `${lines + 3} requests an order` };
    },
  };
}

/** Finds the peak first, then lets shoppers arrive at a share of it, whoever is still waiting. */
export async function measureBusy(thread: TrafficThread, seconds: number): Promise<{ measurement: Measurement; peak: number }> {
  const { perSecond: peak } = await measureCrowd(thread, SHOPPERS, seconds);
  const report = await thread.run({ kind: "stream", perSecond: BUSY * peak, seconds });
  return { measurement: measureVisits(report, seconds), peak };
}

const busy: Scenario = {
  title: "Checkout at 70 % load",
  unit: "orders",
  reference: "bareCheckoutBusy",
  counterparts: ["bareCheckoutBusy"],
  bar: { of: "p99Ms", atMost: 400 },
  rounds: "every",
  quick: false,
  async run(shop, { durationSeconds }) {
    return await withShoppers(shop, warmSkus(), 1, async (thread) => {
      const { measurement, peak } = await measureBusy(thread, durationSeconds);
      return { measurement, note: `all 4 requests together; peak ${peak.toFixed(0)}/s` };
    });
  },
};

const addToCart: Scenario = {
  title: "Add to cart",
  unit: "lines",
  reference: "singleWrite",
  bar: null,
  rounds: "every",
  quick: true,
  async run(shop, { durationSeconds }) {
    const cart = await shop.client.request<{ id: string; token: string }>("POST", "/v1/carts", { body: { currency: "GBP" } });
    const headers = { "cart-token": cart.body.token, "content-type": "application/json" };
    const requests = Array.from({ length: CART_LINES }, (_, index) => ({
      method: "PUT",
      path: `/v1/carts/${cart.body.id}/lines/${benchSku(index)}`,
      headers,
      body: JSON.stringify({ quantity: index + 1 }),
    }));
    return { measurement: await measureHttp({ url: shop.url, connections: SHOPPERS, durationSeconds, requests }) };
  },
};

/** Every order is the first of its SKU: an object is created on the way. */
const untouched: Scenario = {
  title: "Checkout of untouched SKUs",
  unit: "orders",
  reference: "singleWrite",
  bar: null,
  rounds: "first",
  quick: false,
  async run(shop, { durationSeconds }) {
    return await crowd(
      shop,
      Array.from({ length: PRODUCT_COUNT }, (_, index) => benchSku(index)),
      1,
      durationSeconds,
    );
  },
};

export const BUYING: Readonly<Record<string, Scenario>> = {
  "checkout-cold": untouched,
  "cart-line": addToCart,
  checkout: checkout({
    lines: 1,
    bar: { of: "perSecond", atLeast: 150 },
    counterparts: ["bareCheckoutWhole", "bareCheckoutPaid", "bareCheckout"],
    quick: true,
  }),
  "checkout-3": checkout({ lines: 3 }),
  "checkout-10": checkout({
    lines: 10,
    bar: { of: "perSecond", atLeast: 60 },
    counterparts: ["bareCheckoutWhole10", "bareCheckout10"],
  }),
  "checkout-busy": busy,
};
