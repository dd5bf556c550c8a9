/** Pages and catalogue: what most visitors do, and what the caches are for. */
import type { Bar, ReferenceName } from "../figure.ts";
import { measureHttp } from "../measure.ts";
import type { Scenario } from "../scenario.ts";
import { benchSku } from "../shop.ts";

interface Read extends Pick<Scenario, "title" | "slices"> {
  readonly unit?: string;
  readonly paths: readonly string[];
  readonly bar?: Bar;
  readonly counterparts?: readonly ReferenceName[];
  readonly quick?: boolean;
}

function read({ unit = "reads", paths, bar, counterparts = [], quick = false, ...named }: Read): Scenario {
  const requests = paths.map((path) => ({ path }));
  return {
    ...named,
    unit,
    reference: "helloWorld",
    counterparts,
    bar: bar ?? null,
    rounds: "every",
    quick,
    async run(shop, { connections, durationSeconds, isWarm }) {
      if (!isWarm) await measureHttp({ url: shop.url, connections, durationSeconds: 1, requests });
      return { measurement: await measureHttp({ url: shop.url, connections, durationSeconds, requests }) };
    },
  };
}

export const READS: Readonly<Record<string, Scenario>> = {
  "product-read": read({
    title: "Product, warm",
    paths: ["/v1/products/bench-7"],
    bar: { of: "ratio", atLeast: 0.6 },
    counterparts: ["bareRead"],
    slices: 3,
    quick: true,
  }),
  "product-list": read({
    title: "Product list",
    paths: ["/v1/products?limit=20", "/v1/products?category=anchor&limit=20"],
  }),
  search: read({
    title: "Search",
    paths: ["/v1/products?q=anchor", "/v1/products?q=brass%20gale", "/v1/products?q=harbuor"],
    quick: true,
  }),
  availability: read({
    title: "Availability, live",
    paths: Array.from({ length: 20 }, (_, index) => `/v1/availability?sku=${benchSku(index)}`),
  }),
  "home-page": read({ title: "Home page", unit: "pages", paths: ["/"] }),
  "product-page": read({ title: "Product page", unit: "pages", paths: ["/products/bench-7"], quick: true }),
};
