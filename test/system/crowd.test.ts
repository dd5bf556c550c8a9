/** Many buyers at once, and a crash in the middle of them. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numbers, pooled } from "./pooled.ts";
import { publishedDocument } from "./published-api.ts";
import { startSystem, type TestSystem } from "./serve-system.ts";
import { type Answer, type CartView, type CheckoutView, type Problem, Shop } from "./shop.ts";

let system: TestSystem;
let shop: Shop;

beforeAll(async () => {
  system = await startSystem();
  shop = new Shop(system, await publishedDocument(system));
  await shop.importProducts([
    { sku: "HOT", priceMinor: 5000, stock: 50 },
    { sku: "LAST", priceMinor: 1500, stock: 1 },
    { sku: "PLENTY", priceMinor: 700, stock: 1_000 },
  ]);
});
afterAll(() => system?.stop());

async function everybodyBuys(buyers: number, lines: Readonly<Record<string, number>>): Promise<Answer<CheckoutView & Problem>[]> {
  const carts = await pooled(numbers(buyers), (index) => shop.fillCart(lines, `buyer-${index}@shop.example`));
  return await Promise.all(carts.map((cart) => shop.checkout<CheckoutView & Problem>(cart)));
}

const placed = (answers: readonly Answer<CheckoutView & Problem>[]) => answers.filter((answer) => answer.status === 201);
const soldOut = (answers: readonly Answer<CheckoutView & Problem>[]) =>
  answers.filter((answer) => answer.body.code === "out_of_stock");

describe("a crowd", () => {
  it("of 200 on stock 50 buys exactly 50; everybody else hears that it is sold out", async () => {
    const answers = await everybodyBuys(200, { HOT: 1 });
    expect(placed(answers)).toHaveLength(50);
    expect(soldOut(answers)).toHaveLength(150);
    expect(await shop.stock("HOT")).toEqual({ on_hand: 0, held: 0, available: 0 });
    expect(new Set(placed(answers).map((answer) => answer.body.order.id)).size).toBe(50);
    expect(await shop.violations()).toEqual([]);
  });

  it("of 30 on the last unit, each with another line, leaves the other stock whole for those who did not get it", async () => {
    const answers = await everybodyBuys(30, { LAST: 1, PLENTY: 2 });
    expect(placed(answers)).toHaveLength(1);
    expect(soldOut(answers)).toHaveLength(29);
    expect(await shop.stock("PLENTY")).toEqual({ on_hand: 998, held: 0, available: 998 });
    expect(await shop.violations()).toEqual([]);
  });
});

describe("a crash", () => {
  it("loses no order: whoever repeats the checkout gets the one order, and stock and money agree", async () => {
    const before = await shop.stock("PLENTY");
    const kept = await shop.buy({ PLENTY: 1 });
    const buyers = await pooled(numbers(24), async (index) => ({
      cart: await shop.fillCart({ PLENTY: 1 }, `crash-${index}@shop.example`),
      key: randomUUID(),
    }));
    const first = buyers.map(({ cart, key }) => attempt(cart, key));
    // The moment is when some are through and others are not.
    await Promise.race(first);
    await system.crashAndRestart();
    await Promise.all(first);
    expect((await shop.order(kept)).status).toBe("placed");

    const answers = await Promise.all(
      buyers.map(({ cart, key }) =>
        shop.until(
          () => shop.checkout<CheckoutView & Problem>(cart, "pm_card_visa", key),
          (answer) => answer.status === 201,
        ),
      ),
    );
    expect(new Set(answers.map((answer) => answer.body.order.id)).size).toBe(24);
    expect(await shop.stock("PLENTY")).toEqual({ on_hand: before.on_hand - 25, held: 0, available: before.available - 25 });
    expect(await shop.violations()).toEqual([]);
  });

  async function attempt(cart: CartView, key: string): Promise<void> {
    await shop.checkout(cart, "pm_card_visa", key).catch(() => undefined);
  }
});
