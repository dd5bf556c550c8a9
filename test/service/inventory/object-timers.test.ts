/** An object's timers as the runtime rings them: over several of its calls, and longer than it looks at once. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { ObjectTimers } from "../../../workers/shared/later.ts";
import { stocked, stub } from "./shop.ts";

/** More than one look apart. */
const LONG_MS = 1_300;

describe("the timers of an object", () => {
  it("ring in their time after the call that set them has ended, unless they were taken back", async () => {
    const sku = await stocked(1);
    const timers = new ObjectTimers();
    const rung: string[] = [];
    const takenBack: (() => void)[] = [];
    const longest = Promise.withResolvers<number>();
    await runInDurableObject(stub(sku), () => {
      const beganMs = performance.now();
      timers.later(LONG_MS, () => {
        rung.push("long");
        longest.resolve(performance.now() - beganMs);
      });
      timers.later(20, () => rung.push("short"));
      takenBack.push(timers.later(40, () => rung.push("taken back")));
    });
    await runInDurableObject(stub(sku), () => {
      for (const takeBack of takenBack) takeBack();
      timers.later(60, () => rung.push("of the second call"));
    });
    const tookMs = await runInDurableObject(stub(sku), () => longest.promise);
    expect(rung).toEqual(["short", "of the second call", "long"]);
    expect(tookMs).toBeGreaterThanOrEqual(LONG_MS - 1);
    expect(tookMs).toBeLessThan(2 * LONG_MS);
  });
});
