import { describe, expect, it } from "vitest";
import { type CheckoutKey, decideKey } from "../../../durable-objects/checkout-partition/start-checkout.ts";

const BODY = "a".repeat(64);
const DAY_MS = 86_400_000;
const answer = { status: 200, body: "{}", contentType: "application/json" };

function key(more: Partial<CheckoutKey>): CheckoutKey {
  return { bodySha256: BODY, startedAtMs: 0, orderId: "ord_1", answer: null, ...more };
}

describe("a checkout's key", () => {
  it("starts when new, replays when answered, and is refused for another body", () => {
    expect(decideKey(undefined, BODY, 0, false)).toEqual({ kind: "start" });
    expect(decideKey(key({ answer }), BODY, 1, false)).toMatchObject({ kind: "replay", body: "{}" });
    expect(decideKey(key({ answer }), "b", 1, false)).toMatchObject({
      kind: "refuse",
      error: { decision: { kind: "other_body" } },
    });
    expect(decideKey(key({}), "b", 1, false)).toMatchObject({ kind: "refuse", error: { decision: { kind: "other_body" } } });
  });

  it("is in flight while its order runs, and attaches to it when the run was interrupted, however long ago", () => {
    expect(decideKey(key({}), BODY, 1, true)).toMatchObject({ kind: "refuse", error: { decision: { kind: "in_flight" } } });
    for (const nowMs of [1, 61_000, 3 * DAY_MS]) {
      expect(decideKey(key({}), BODY, nowMs, false)).toEqual({ kind: "attach", orderId: "ord_1" });
    }
  });

  it("may be used anew a day after its answer", () => {
    expect(decideKey(key({ answer }), BODY, DAY_MS, false)).toEqual({ kind: "start" });
  });
});
