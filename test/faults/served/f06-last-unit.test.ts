/** Far more buyers than units, all at the till at the same moment: sold is what was there, not one more and not one less. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numbers, pooled } from "../../system/pooled.ts";
import { startSystem, type TestSystem } from "../../system/serve-system.ts";
import type { Answer, CartView, CheckoutView, Problem } from "../../system/shop.ts";
import { Random } from "../random.ts";
import { faultRun, runs, tell } from "../size.ts";
import { readPayments } from "./books.ts";
import { PatientShop } from "./patient-shop.ts";

const SKU = "LAST";
const STOCKS = [1, 5, 50];
const CROWD = 500;
/** What the later rounds of a quick run make do with. */
const SMALL_CROWD = 100;
/** In every second round one of so many cards is declined, after its owner has held a unit. */
const ONE_DECLINED_IN = 4;
const ROUNDS_PER_AUDIT = 20;
const TIMEOUT_MS = 3_600_000;

const { seed, size } = faultRun();
const rounds = runs({ quick: 5, full: 200 });

let system: TestSystem;
/** Who is turned away because the shop is busy comes again with the same key. */
let shop: PatientShop;
/** Carts that bought nothing are good for the next round. */
let carts: CartView[] = [];
let ordered = 0;

beforeAll(async () => {
  system = await startSystem();
  shop = new PatientShop(system);
  await shop.importProducts([{ sku: SKU, priceMinor: 2_500, stock: 0 }]);
});
afterAll(() => system?.stop());

type Till = Answer<CheckoutView & Problem>;

describe("the last units", () => {
  it("go to exactly as many of 500 buyers as there are units, and nobody is sent away while one is free", {
    timeout: TIMEOUT_MS,
  }, async ({ task }) => {
    const random = new Random(seed);
    for (const round of numbers(rounds)) {
      const stock = STOCKS[round % STOCKS.length] ?? 1;
      await fillCarts(round === 0 || size === "full" ? CROWD : SMALL_CROWD);
      await receive(stock);
      const told = `seed ${seed}, round ${round}, stock ${stock}`;
      await (round % 2 === 0 ? everybodyPays(stock, told) : someAreDeclined(stock, random, told));
      expect(await shop.stock(SKU), told).toEqual({ on_hand: 0, held: 0, available: 0 });
      if (round % ROUNDS_PER_AUDIT === 0 || round === rounds - 1) expect(await shop.violations(), told).toEqual([]);
    }
    const charged = (await readPayments(system)).filter(({ capturedMinor }) => capturedMinor > 0);
    expect(charged).toHaveLength(ordered);
    tell(task, { row: "F6", what: "rounds of the last unit", histories: rounds });
  });
});

async function everybodyPays(stock: number, told: string): Promise<void> {
  const answers = await Promise.all(carts.map((cart) => shop.checkout<CheckoutView & Problem>(cart)));
  const { placed, soldOut } = sorted(answers);
  expect(placed, told).toHaveLength(stock);
  expect(soldOut, told).toHaveLength(answers.length - stock);
  for (const { body } of soldOut) expect(body.shortages, told).toEqual([{ sku: SKU, requested: 1, available: 0 }]);
  leave(answers);
}

/** Whoever is declined gives a unit back: nobody may sell it twice, and nobody may be refused it afterwards. */
async function someAreDeclined(stock: number, random: Random, told: string): Promise<void> {
  const methods = carts.map(() => (random.oneIn(ONE_DECLINED_IN) ? "pm_card_chargeDeclined" : "pm_card_visa"));
  const answers = await Promise.all(carts.map((cart, index) => shop.checkout<CheckoutView & Problem>(cart, methods[index])));
  const { placed, soldOut, declined } = sorted(answers);
  expect(placed.length, told).toBeLessThanOrEqual(stock);
  expect(placed.length + soldOut.length + declined.length, told).toBe(answers.length);
  leave(answers);
  expect(await shop.stock(SKU), told).toMatchObject({ held: 0, available: stock - placed.length });
  for (let left = stock - placed.length; left > 0; left--) {
    const [cart] = carts;
    if (cart === undefined) throw new Error("there are more units than buyers");
    const late = await shop.checkout<CheckoutView & Problem>(cart);
    expect(late, `${told}: ${left} left`).toMatchObject({ status: 201 });
    leave([late]);
  }
  const last = carts.at(-1);
  if (last !== undefined) expect(await shop.checkout<Problem>(last), told).toMatchObject({ body: { code: "out_of_stock" } });
}

function sorted(answers: readonly Till[]) {
  return {
    placed: answers.filter(({ status }) => status === 201),
    soldOut: answers.filter(({ body }) => body.code === "out_of_stock"),
    declined: answers.filter(({ body }) => body.code === "payment_declined"),
  };
}

/** Takes away the carts that became orders; the answers belong to the first carts, in their order. */
function leave(answers: readonly Till[]): void {
  const before = carts.length;
  carts = carts.filter((_, index) => answers[index]?.status !== 201);
  ordered += before - carts.length;
}

async function fillCarts(count: number): Promise<void> {
  const missing = numbers(Math.max(0, count - carts.length));
  carts.push(...(await pooled(missing, () => shop.fillCart({ [SKU]: 1 }, `${randomUUID()}@shop.example`))));
  carts.length = count;
}

async function receive(quantity: number): Promise<void> {
  const headers = { "idempotency-key": randomUUID() };
  const answer = await shop.admin("POST", `/v1/admin/stock/${SKU}/receipts`, { body: { quantity }, headers });
  expect(answer).toMatchObject({ status: 201, body: { available: quantity } });
}
