/** Orders that wait for the shopper's bank. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerBank } from "./bank-page.ts";
import { publishedDocument } from "./published-api.ts";
import { startSystem, type TestSystem } from "./serve-system.ts";
import { type CartView, type CheckoutView, type Problem, Shop } from "./shop.ts";

const AUTHENTICATION_REQUIRED = "pm_card_authenticationRequired";

let system: TestSystem;
let shop: Shop;

beforeAll(async () => {
  system = await startSystem();
  shop = new Shop(system, await publishedDocument(system));
  await shop.importProducts([
    { sku: "WATCH", priceMinor: 15_000, stock: 10 },
    { sku: "RING", priceMinor: 90_000, stock: 1 },
  ]);
});
afterAll(() => system?.stop());

interface Waiting {
  readonly cart: CartView;
  readonly checkout: CheckoutView;
  readonly bankUrl: string;
}

/** A checkout that the bank wants to see. */
async function waiting(sku: string, key: string = randomUUID()): Promise<Waiting> {
  const cart = await shop.fillCart({ [sku]: 1 });
  const answer = await shop.checkout(cart, AUTHENTICATION_REQUIRED, key);
  expect(answer).toMatchObject({
    status: 202,
    body: { order: { status: "awaiting_payment" }, next_action: { type: "redirect" } },
  });
  return { cart, checkout: answer.body, bankUrl: answer.body.next_action?.url ?? "" };
}

describe("an order with 3-D Secure", () => {
  it("waits with its stock held, and is placed when the shopper approves", async () => {
    const { checkout, bankUrl } = await waiting("WATCH");
    expect(await shop.stock("WATCH")).toEqual({ on_hand: 10, held: 1, available: 9 });
    const landing = await answerBank(bankUrl, "approve");
    expect(landing.url).toContain(`${system.url}/v1/orders/${checkout.order.id}/payment-return`);
    expect(landing.status).toBe(200);
    expect(landing.text).toContain("placed");
    const order = await shop.until(
      () => shop.order(checkout),
      ({ status }) => status !== "awaiting_payment",
    );
    expect(order).toMatchObject({ status: "placed", payment: { status: "captured" } });
    expect(await shop.stock("WATCH")).toEqual({ on_hand: 9, held: 0, available: 9 });
    expect(await shop.violations()).toEqual([]);
  });

  it("fails without a charge when the shopper declines, its stock is free, and the cart may try again", async () => {
    const before = await shop.stock("WATCH");
    const { cart, checkout, bankUrl } = await waiting("WATCH");
    await answerBank(bankUrl, "decline");
    const order = await shop.until(
      () => shop.order(checkout),
      ({ status }) => status !== "awaiting_payment",
    );
    expect(order.status).toBe("failed");
    expect(order.payment.refunded.amount_minor).toBe(0);
    expect(
      await shop.until(
        () => shop.stock("WATCH"),
        ({ held }) => held === 0,
      ),
    ).toEqual(before);
    expect((await shop.checkout(cart)).status).toBe(201);
    expect(await shop.violations()).toEqual([]);
  });

  it("is one order when its checkout is repeated while it waits and after it is placed", async () => {
    const key = randomUUID();
    const { cart, checkout, bankUrl } = await waiting("WATCH", key);
    const again = await shop.checkout(cart, AUTHENTICATION_REQUIRED, key);
    expect(again.body.order.id).toBe(checkout.order.id);
    await answerBank(bankUrl, "approve");
    await shop.until(
      () => shop.order(checkout),
      ({ status }) => status === "placed",
    );
    const after = await shop.checkout(cart, AUTHENTICATION_REQUIRED, key);
    expect(after.status).toBeLessThan(300);
    expect(after.body.order.id).toBe(checkout.order.id);
    expect(await shop.violations()).toEqual([]);
  });

  it("keeps the last one from everybody else while it waits", async () => {
    const { bankUrl, checkout } = await waiting("RING");
    expect(await shop.checkout<Problem>(await shop.fillCart({ RING: 1 }))).toMatchObject({
      status: 409,
      body: { code: "out_of_stock", shortages: [{ sku: "RING", requested: 1, available: 0 }] },
    });
    await answerBank(bankUrl, "approve");
    await shop.until(
      () => shop.order(checkout),
      ({ status }) => status === "placed",
    );
    expect(await shop.violations()).toEqual([]);
  });

  it("survives a crash while it waits", async () => {
    const { checkout, bankUrl } = await waiting("WATCH");
    await system.crashAndRestart();
    await answerBank(bankUrl, "approve");
    await shop.until(
      () => shop.order(checkout),
      ({ status }) => status === "placed",
    );
    expect(await shop.violations()).toEqual([]);
  });
});
