/** Batched reads answer what single reads answer. */
import { describe, expect, it } from "vitest";
import { commit, fresh, hold, inventory, stocked } from "./shop.ts";

describe("reading many SKUs at once", () => {
  it("gives the books and the events of each, touched or not, as one by one", async () => {
    const untouched = await stocked(3);
    const [held, sold] = [await stocked(5), await stocked(8)];
    await hold(fresh("hold"), [{ sku: held, quantity: 1 }]);
    const holdId = fresh("hold");
    await hold(holdId, [{ sku: sold, quantity: 2 }]);
    await commit(holdId, sold);
    const skus = [sold, untouched, held];
    const single = await Promise.all(skus.map((sku) => inventory.readAccount(sku)));
    expect(await inventory.readAccounts(skus)).toEqual(single);
    expect(single.map(({ sequence }) => sequence)).toEqual([3, 0, 2]);

    const logs = await inventory.readEventsOf(
      [
        { sku: sold, afterSequence: 1 },
        { sku: held, afterSequence: 0 },
        { sku: untouched, afterSequence: 0 },
      ],
      1,
    );
    expect(logs.map(({ sku, events }) => [sku, events.map((event) => event.sequence)])).toEqual([
      [sold, [2]],
      [held, [1]],
      [untouched, []],
    ]);
  });
});
