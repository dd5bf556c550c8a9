/** The stage that refuses: what it answers, and that every place it gave comes back. */
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { GatewayHono } from "../../../workers/gateway/env.ts";
import { LANE_LIMITS } from "../../../workers/gateway/load-class.ts";
import { LoadShedder } from "../../../workers/gateway/shed-load.ts";

const CONTEXT = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };

/** One call of each class at a time; peers answer when they are told to. */
function gateway() {
  const one = Object.fromEntries(Object.entries(LANE_LIMITS).map(([name, limits]) => [name, { ...limits, inFlightMax: 1 }]));
  const shedder = new LoadShedder(one as typeof LANE_LIMITS);
  const app = new Hono<GatewayHono>();
  const answers: (() => void)[] = [];
  let reached = 0;
  app.use(shedder.stage());
  app.onError((error, c) => c.text(error.message, 500));
  app.all("*", async (c) => {
    reached += 1;
    if (c.req.query("break") !== undefined) throw new Error("broken");
    await new Promise<void>((resolve) => answers.push(resolve));
    return c.text("done");
  });
  const call = async (path: string, init: RequestInit = {}) =>
    await app.fetch(new Request(`https://shop.example${path}`, init), {}, CONTEXT as unknown as ExecutionContext);
  const answerAll = () => {
    for (const answer of answers.splice(0)) answer();
  };
  return { shedder, call, answerAll, reached: () => reached };
}

describe("a call beyond what can be served", () => {
  it("is 503 with a code and the time to come back, before anything else is done", async () => {
    const { call, answerAll, reached } = gateway();
    const first = call("/v1/carts/cart_1");
    const refused = await call("/v1/carts/cart_2");
    expect(refused.status).toBe(503);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(2);
    expect(await refused.json()).toMatchObject({ code: "overloaded", status: 503 });
    expect(reached()).toBe(1);
    answerAll();
    expect((await first).status).toBe(200);
  });

  it("of a shopper in front of a page is a page", async () => {
    const { call, answerAll } = gateway();
    const first = call("/products/a");
    const refused = await call("/products/b");
    expect([refused.status, refused.headers.get("content-type")]).toEqual([503, "text/html; charset=utf-8"]);
    answerAll();
    await first;
  });

  it("does not take the place of another class, and health is always told", async () => {
    const { call, answerAll } = gateway();
    const calls = ["/v1/carts/cart_1", "/v1/carts/cart_1/checkout", "/v1/availability", "/v1/webhooks/stripe", "/healthz"].map(
      (path) => call(path, { method: "POST" }),
    );
    await new Promise((resolve) => setTimeout(resolve, 0));
    answerAll();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });
});

describe("a place", () => {
  it.each([
    ["was answered", "/v1/carts/cart_1"],
    ["broke", "/v1/carts/cart_1?break"],
  ])("is free again when its call %s", async (_, path) => {
    const { call, answerAll, shedder } = gateway();
    const first = call(path);
    await new Promise((resolve) => setTimeout(resolve, 0));
    answerAll();
    await first;
    expect(shedder.loads.cart).toEqual({ waiting: 0, in_flight: 0, limit: 1, refused: 0 });
  });

  it("is free again when the caller hangs up, and the end of the call frees nothing twice", async () => {
    const { call, answerAll, shedder } = gateway();
    const caller = new AbortController();
    const first = call("/v1/carts/cart_1", { signal: caller.signal });
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(shedder.loads.cart.in_flight).toBe(1);
    caller.abort();
    expect(shedder.loads.cart.in_flight).toBe(0);
    const second = call("/v1/carts/cart_2");
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(shedder.loads.cart.in_flight).toBe(1);
    answerAll();
    await Promise.all([first, second]);
    expect(shedder.loads.cart.in_flight).toBe(0);
  });
});

it("counts the repetition of a call under way with what has begun", async () => {
  const { call, answerAll, reached } = gateway();
  const key = { method: "POST", headers: { "idempotency-key": "key-1" } };
  const first = call("/v1/carts", key);
  const again = call("/v1/carts", key);
  expect((await call("/v1/carts", { method: "POST", headers: { "idempotency-key": "key-2" } })).status).toBe(503);
  expect(reached()).toBe(2);
  answerAll();
  expect((await Promise.all([first, again])).map(({ status }) => status)).toEqual([200, 200]);
});
