/** A day in the shop: shoppers who look at nineteen things for each that they buy. */
import type { Scenario } from "../scenario.ts";
import { benchSku, PRODUCT_COUNT } from "../shop.ts";
import { measureCrowd, TrafficThread } from "../traffic.ts";
import { warmSkus } from "./buying.ts";

const SHOPPERS = 32;
/** 95 of 100 are reads. */
const LOOKS_PER_PURCHASE = 19;
const REQUESTS_PER_PURCHASE = 4;

function looks(): readonly string[] {
  const products = Array.from({ length: 40 }, (_, index) => `/v1/products/bench-${(index * 7) % PRODUCT_COUNT}`);
  const stock = Array.from({ length: 20 }, (_, index) => `/v1/availability?sku=${benchSku(index)}`);
  return [...products, ...stock, "/v1/products?limit=20", "/v1/products?q=anchor", "/", "/products/bench-7"];
}

export const mixed: Scenario = {
  title: "Browsing and buying, 95/5",
  unit: "requests",
  reference: "helloWorld",
  bar: null,
  rounds: "every",
  quick: false,
  async run(shop, { durationSeconds }) {
    const browsing = { paths: looks(), perPurchase: LOOKS_PER_PURCHASE };
    const thread = new TrafficThread({ url: shop.url, skus: warmSkus(), browsing });
    try {
      const bought = await measureCrowd(thread, SHOPPERS, durationSeconds);
      const perSecond = bought.perSecond * (LOOKS_PER_PURCHASE + REQUESTS_PER_PURCHASE);
      return {
        measurement: { ...bought, perSecond },
        note: `${bought.perSecond.toFixed(0)} orders/s; times are of whole visits`,
      };
    } finally {
      await thread.stop();
    }
  },
};
