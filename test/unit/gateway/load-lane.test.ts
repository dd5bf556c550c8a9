/** When calls of a class are refused because of what stands behind this isolate. */
import { describe, expect, it } from "vitest";
import { LANE_LIMITS, LOAD_CLASSES, laneLimits, loadClassOf } from "../../../workers/gateway/load-class.ts";
import { LoadLane, type Passage } from "../../../workers/gateway/load-lane.ts";

const LIMITS = { targetMs: 100, inFlightMin: 4, inFlightMax: 500, lifetimeMs: 60_000 };
const NO_HEADERS = new Headers();

/** A service that finishes `perSecond` calls, one after the other, for `seconds`; `arriving` come each second. */
function run(lane: LoadLane, fromMs: number, seconds: number, arriving: number, perSecond: number, queue: Passage[] = []) {
  let refused = 0;
  let answered = 0;
  let owedArrivals = 0;
  let owedAnswers = 0;
  for (let nowMs = fromMs; nowMs < fromMs + seconds * 1_000; nowMs += 5) {
    for (owedArrivals += arriving / 200; owedArrivals >= 1; owedArrivals -= 1) {
      const passage = lane.enter(nowMs);
      if (passage === undefined) refused += 1;
      else queue.push(passage);
    }
    owedAnswers = Math.min(owedAnswers + perSecond / 200, Math.max(queue.length, 1));
    for (; owedAnswers >= 1 && queue.length > 0; owedAnswers -= 1) {
      const passage = queue.shift();
      if (passage !== undefined) lane.leave(passage, nowMs);
      answered += 1;
    }
  }
  return { refused, answered, queue };
}

describe("a lane", () => {
  it("takes a burst in whole, up to its size, and no more", () => {
    const lane = new LoadLane(LIMITS);
    const entered = Array.from({ length: 600 }, () => lane.enter(0)).filter((passage) => passage !== undefined);
    expect(entered).toHaveLength(500);
  });

  it("refuses nobody while calls come back in time, however many", () => {
    expect(run(new LoadLane(LIMITS), 0, 20, 900, 1_000).refused).toBe(0);
  });

  it("refuses nobody for one slow call after a quiet time", () => {
    const lane = new LoadLane(LIMITS);
    const slow = lane.enter(0);
    if (slow !== undefined) lane.leave(slow, 3_000);
    const entered = Array.from({ length: 500 }, () => lane.enter(3_600)).filter((passage) => passage !== undefined);
    expect(entered).toHaveLength(500);
  });

  it("keeps in an overload as many as are answered within the target, and the service busy", () => {
    const lane = new LoadLane(LIMITS);
    const { queue } = run(lane, 0, 10, 300, 100);
    const { answered } = run(lane, 10_000, 20, 300, 100, queue);
    expect(answered).toBeGreaterThan(0.95 * 2_000);
    expect(queue.length).toBeLessThan(4 * LIMITS.targetMs * 0.1);
  });

  it("is wide open again within ten seconds of the overload's end", () => {
    const lane = new LoadLane(LIMITS);
    for (const passage of run(lane, 0, 10, 300, 100).queue) lane.leave(passage, 10_000);
    expect(lane.limit).toBeLessThan(100);
    run(lane, 10_000, 10, 20, 100);
    expect(lane.limit).toBe(500);
  });

  it("forgets calls that were cut off without a word after their lifetime", () => {
    const lane = new LoadLane({ ...LIMITS, inFlightMax: 4 });
    for (let index = 0; index < 4; index++) lane.enter(0);
    expect(lane.enter(59_000)).toBeUndefined();
    expect(lane.enter(60_001)).toBeDefined();
  });

  it("gives a place free once, whether the call was answered, abandoned or both", () => {
    const lane = new LoadLane(LIMITS);
    const passage = lane.enter(0);
    if (passage === undefined) throw new Error("no passage");
    lane.leave(passage, 10);
    lane.abandon(passage);
    lane.leave(passage, 20);
    expect(lane.underWay).toBe(0);
  });

  it("survives a clock that goes back", () => {
    const lane = new LoadLane(LIMITS);
    run(lane, 100_000, 10, 300, 100);
    const narrow = lane.limit;
    lane.enter(50_000);
    expect(lane.limit).toBe(narrow);
  });
});

describe("a call's class", () => {
  it.each([
    ["POST", "/v1/carts", "new_cart"],
    ["GET", "/v1/carts/cart_1", "cart"],
    ["PUT", "/v1/carts/cart_1/lines/A", "cart"],
    ["POST", "/v1/carts/cart_1/checkout", "checkout"],
    ["GET", "/v1/orders/ord_1", "cart"],
    ["GET", "/v1/orders/ord_1/payment-return", "checkout"],
    ["POST", "/v1/auth/sign-in", "account"],
    ["GET", "/v1/admin/audit", "admin"],
    ["GET", "/v1/products/x", "browse"],
    ["GET", "/de/products/x", "browse"],
    ["GET", "/cart", "cart"],
    ["POST", "/de/checkout", "checkout"],
    ["GET", "/checkout/return", "checkout"],
    ["POST", "/account/sign-in", "account"],
  ])("of %s %s is %s", (method, path, expected) => {
    expect(loadClassOf(method, path, NO_HEADERS)).toBe(expected);
  });

  it("is a new cart for a shopper's first thing, and a cart from then on", () => {
    expect(loadClassOf("POST", "/cart/lines", NO_HEADERS)).toBe("new_cart");
    expect(loadClassOf("POST", "/cart/lines", new Headers({ cookie: "a=b; __Host-holdfast-cart=x" }))).toBe("cart");
  });

  it.each(["/healthz", "/openapi.json", "/.well-known/jwks.json", "/v1/webhooks/stripe", "/payment-sandbox/v1/payment_intents"])(
    "is none for %s: it is never refused",
    (path) => expect(loadClassOf("POST", path, NO_HEADERS)).toBeUndefined(),
  );
});

describe("LOAD_LIMITS", () => {
  it("changes target and burst of the classes that it names", () => {
    const limits = laneLimits("checkout=8000/256, browse=500/1000");
    expect(limits?.checkout).toEqual({ ...LANE_LIMITS.checkout, targetMs: 8_000, inFlightMax: 256 });
    expect(limits?.cart).toEqual(LANE_LIMITS.cart);
    expect(laneLimits("")).toEqual(LANE_LIMITS);
  });

  it.each(["checkout", "checkout=1", "till=100/100", "checkout=100/x", "checkout=-5/10"])("refuses %j", (text) => {
    expect(laneLimits(text)).toBeUndefined();
  });

  it("leaves every class room for the burst that is promised", () => {
    for (const name of LOAD_CLASSES) expect(LANE_LIMITS[name].inFlightMax).toBeGreaterThanOrEqual(500);
  });
});
