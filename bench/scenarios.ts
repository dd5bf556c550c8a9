/** What is measured, each as a shopper would cause it. Every scenario answers one row of the table. */
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { importCatalogue } from "./import.ts";
import { type Measurement, measureHttp, measureTask } from "./measure.ts";
import { measureOverload } from "./overload.ts";
import { benchSku, buy, CONTEST_STOCK, PRODUCT_COUNT, type Shop } from "./shop.ts";

export interface ScenarioResult {
  readonly scenario: string;
  readonly measurement: Measurement;
  /** Which reference it is compared with, and the least ratio or rate that we hold ourselves to. */
  readonly reference: "helloWorld" | "singleWrite";
  readonly bar: { readonly kind: "ratio" | "rate"; readonly atLeast: number } | null;
  readonly note: string;
}

export interface Load {
  readonly connections: number;
  readonly durationSeconds: number;
}

type Scenario = (shop: Shop, load: Load) => Promise<ScenarioResult>;

const BUYERS = 16;
/** SKUs that sell again and again while a checkout is measured. */
const WARM_SKUS = 50;
const CONTEST_BUYERS = 500;
const HOT_HOLDS = 3_000;
const HOT_CONCURRENCY = 64;
const IMPORT_ROWS = 100_000;

async function read(
  shop: Shop,
  load: Load,
  scenario: string,
  paths: readonly string[],
  bar: ScenarioResult["bar"],
): Promise<ScenarioResult> {
  const requests = paths.map((path) => ({ path }));
  await measureHttp({ url: shop.url, connections: load.connections, durationSeconds: 1, requests });
  const measurement = await measureHttp({ url: shop.url, ...load, requests });
  return { scenario, measurement, reference: "helloWorld", bar, note: "" };
}

async function checkout(
  shop: Shop,
  load: Load,
  scenario: string,
  skus: number,
  bar: ScenarioResult["bar"],
): Promise<ScenarioResult> {
  // Counted from the end, so that the cold scenario meets SKUs that no other has touched.
  const order = async (index: number): Promise<void> => {
    const answer = await buy(shop.client, benchSku(PRODUCT_COUNT - 1 - (index % skus)), randomUUID());
    if (answer.status !== 201) throw new Error(`checkout answered ${answer.status} ${answer.code}`);
  };
  if (skus < PRODUCT_COUNT) await measureTask(BUYERS, 3, order);
  const measurement = await measureTask(BUYERS, load.durationSeconds * 2, (index) =>
    order(skus < PRODUCT_COUNT ? index : index + WARM_SKUS),
  );
  return { scenario, measurement, reference: "singleWrite", bar, note: "4 requests an order" };
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "product-read": (shop, load) =>
    read(shop, load, "Product read, warm", ["/v1/products/bench-7"], { kind: "ratio", atLeast: 0.4 }),
  "product-list": (shop, load) =>
    read(shop, load, "Product list", ["/v1/products?limit=20", "/v1/products?category=anchor&limit=20"], null),
  search: (shop, load) =>
    read(shop, load, "Search", ["/v1/products?q=anchor", "/v1/products?q=brass%20gale", "/v1/products?q=harbuor"], null),
  availability: (shop, load) =>
    read(
      shop,
      load,
      "Availability, live",
      Array.from({ length: 20 }, (_, index) => `/v1/availability?sku=${benchSku(index)}`),
      null,
    ),
  "cart-line": async (shop, load) => {
    const cart = await shop.client.request<{ id: string; token: string }>("POST", "/v1/carts", { body: { currency: "GBP" } });
    const headers = { "cart-token": cart.body.token, "content-type": "application/json" };
    const requests = Array.from({ length: 10 }, (_, index) => ({
      method: "PUT",
      path: `/v1/carts/${cart.body.id}/lines/${benchSku(index)}`,
      headers,
      body: JSON.stringify({ quantity: index + 1 }),
    }));
    const measurement = await measureHttp({
      url: shop.url,
      connections: BUYERS,
      durationSeconds: load.durationSeconds,
      requests,
    });
    return { scenario: "Add to cart", measurement, reference: "singleWrite", bar: null, note: "" };
  },
  checkout: (shop, load) => checkout(shop, load, "Full guest checkout", WARM_SKUS, { kind: "rate", atLeast: 60 }),
  // Every order is the first of its SKU: a new object is created on the way.
  "checkout-cold": (shop, load) => checkout(shop, load, "Checkout of untouched SKUs", PRODUCT_COUNT, null),
  "hot-sku": async (shop) => {
    const url = `${shop.driverUrl}?sku=HOT&concurrency=${HOT_CONCURRENCY}&run=${randomUUID()}`;
    await fetch(`${url}w&holds=200`);
    const startedAt = performance.now();
    const counts = (await (await fetch(`${url}&holds=${HOT_HOLDS}`)).json()) as { held: number; refused: number };
    const elapsedMs = performance.now() - startedAt;
    const measurement = { perSecond: (counts.held / elapsedMs) * 1000, p50Ms: 0, p99Ms: 0, failures: counts.refused };
    return {
      scenario: "Hot SKU, holds by RPC",
      measurement,
      reference: "singleWrite",
      bar: { kind: "rate", atLeast: 400 },
      note: "one object",
    };
  },
  contest: async (shop) => {
    const startedAt = performance.now();
    const times: number[] = [];
    const answers = await Promise.all(
      Array.from({ length: CONTEST_BUYERS }, async () => {
        const answer = await buy(shop.client, "CONTEST", randomUUID());
        times.push(performance.now() - startedAt);
        return answer;
      }),
    );
    const placed = answers.filter((answer) => answer.status === 201).length;
    const soldOut = answers.filter((answer) => answer.code === "out_of_stock").length;
    const elapsedSeconds = (performance.now() - startedAt) / 1000;
    const measurement = {
      perSecond: placed / elapsedSeconds,
      p50Ms: 0,
      p99Ms: Math.max(...times),
      failures: CONTEST_BUYERS - placed - soldOut + Math.abs(placed - CONTEST_STOCK),
    };
    const note = `${placed} placed, ${soldOut} sold out, in ${elapsedSeconds.toFixed(1)} s`;
    return {
      scenario: `${CONTEST_BUYERS} buyers, stock ${CONTEST_STOCK}`,
      measurement,
      reference: "singleWrite",
      bar: null,
      note,
    };
  },
  overload: async (shop, load) => ({
    scenario: "Orders at 3× the peak",
    ...(await measureOverload(shop, load.durationSeconds)),
    reference: "singleWrite",
    bar: null,
  }),
  // Last, because every other would then read a catalogue of this size.
  import: async (shop) => {
    const result = await importCatalogue(shop, IMPORT_ROWS);
    const measurement = { perSecond: result.skus / result.seconds, p50Ms: 0, p99Ms: 0, failures: 0 };
    return {
      scenario: `Import, ${IMPORT_ROWS} rows`,
      measurement,
      reference: "singleWrite",
      bar: { kind: "rate", atLeast: 5_000 },
      note: `SKUs/s; ${result.seconds.toFixed(1)} s; memory ${result.memoryMb.join(" → ")} MB (before, highest, after)`,
    };
  },
};
