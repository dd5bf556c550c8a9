/** Batched reads over plain objects: order, early ends, bounded concurrency. */
import { describe, expect, it } from "vitest";
import type { Env } from "../../../workers/inventory/env.ts";
import { readAccounts, readEventsOf } from "../../../workers/inventory/read-many.ts";

interface FakeObjects {
  readonly env: Env;
  readonly most: () => number;
}

/** @param size how much each object has to tell */
function objects(size: (sku: string) => number): FakeObjects {
  let open = 0;
  let most = 0;
  async function answer<T>(value: T): Promise<T> {
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    open -= 1;
    return value;
  }
  const getByName = (sku: string) => ({
    readEvents: (after: number, limit: number) =>
      answer(Array.from({ length: Math.min(limit, size(sku)) }, (_, index) => ({ sequence: after + index + 1 }))),
    readAccount: () => answer({ ok: true, value: { sku, holds: Array.from({ length: size(sku) }, () => ({ holdId: "h" })) } }),
  });
  return { env: { SKU_STOCK: { getByName } } as unknown as Env, most: () => most };
}

const SKUS = Array.from({ length: 300 }, (_, index) => `SKU-${index}`);
const cursors = SKUS.map((sku, index) => ({ sku, afterSequence: index }));

describe("batched reads", () => {
  it("answer in the order asked, each from its own place in the log, a bounded number of objects at once", async () => {
    const shop = objects(() => 2);
    const logs = await readEventsOf(shop.env, cursors, 100);
    expect(logs.map(({ sku, events }) => [sku, events[0]?.sequence])).toEqual(SKUS.map((sku, index) => [sku, index + 1]));
    expect(shop.most()).toBeLessThanOrEqual(32);
    expect((await readAccounts(shop.env, SKUS)).map(({ sku }) => sku)).toEqual(SKUS);
  });

  it("end early once the answer has grown large, and are complete when asked again", async () => {
    const shop = objects(() => 100);
    const first = await readEventsOf(shop.env, cursors, 100);
    expect(first).toHaveLength(100);
    const sizes: number[] = [];
    for (let read = 0; read < cursors.length; ) {
      const answer = await readEventsOf(shop.env, cursors.slice(read), 100);
      sizes.push(answer.reduce((sum, { events }) => sum + events.length, 0));
      read += answer.length;
    }
    expect(sizes).toEqual([10_000, 10_000, 10_000]);
  });

  it("always answer at least one, however large it is", async () => {
    const shop = objects((sku) => (sku === "SKU-0" ? 50_000 : 1));
    expect((await readAccounts(shop.env, SKUS)).map(({ sku }) => sku)).toEqual(["SKU-0"]);
    expect(await readAccounts(shop.env, [])).toEqual([]);
  });
});
