/** Many logs in one answer. */
import { describe, expect, it, vi } from "vitest";
import type { OrderEvent } from "../../../queues/contracts/order-events.ts";
import { readEventsOf } from "../../../workers/orders/read-events-of.ts";

const cursorsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ source: `/log/${index}`, afterSequence: 0 }));
const page = (events: number) => new Array<OrderEvent>(events);

describe("pages of many logs", () => {
  it("come all in one answer while they are small", async () => {
    const answer = await readEventsOf(cursorsOf(100), async () => page(1));
    expect(answer.map(({ source }) => source).sort()).toEqual(
      cursorsOf(100)
        .map(({ source }) => source)
        .sort(),
    );
  });

  it("leave out a log that cannot be read, and no other", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const answer = await readEventsOf(cursorsOf(20), async ({ source }) => {
      if (source === "/log/7") throw new Error("the object is away");
      return page(1);
    });
    expect(answer).toHaveLength(19);
    expect(answer.map(({ source }) => source)).not.toContain("/log/7");
  });

  it("end early when they have grown large, after at least one", async () => {
    let read = 0;
    const answer = await readEventsOf(cursorsOf(100), async () => {
      read += 1;
      return page(1_000);
    });
    expect(answer.length).toBeGreaterThan(0);
    expect(read).toBeLessThan(20);
  });
});
