/** A partition against the real inventory and the real payments with the sandbox behind it: stock and money agree. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { InventoryApi } from "../../../workers/inventory/contract.ts";
import type { PaymentsApi } from "../../../workers/payments/contract.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import { PartitionHarness } from "./partition-harness.ts";

const { INVENTORY, PAYMENTS } = env as unknown as { readonly INVENTORY: InventoryApi; readonly PAYMENTS: PaymentsApi };

async function shopWithStock(
  balances: Readonly<Record<string, number>>,
  real: PartitionHarness["real"] = ["INVENTORY", "PAYMENTS"],
): Promise<PartitionHarness> {
  const shop = new PartitionHarness();
  shop.real = real;
  await shop.install();
  const opening = Object.entries(balances).map(([sku, quantity]) => ({ sku, location: "main", quantity, backorderable: false }));
  await INVENTORY.setOpeningBalances(opening, newContext());
  return shop;
}

async function stockOf(sku: string) {
  const account = await INVENTORY.readAccount(sku);
  const held = account.locations.reduce((sum, location) => sum + location.held, 0);
  const onHand = account.locations.reduce((sum, location) => sum + location.onHand, 0);
  return { onHand, held, states: account.holds.map((hold) => hold.state).sort() };
}

describe("a partition and its real peers", () => {
  it("sells exactly the stock to more buyers than there is stock for", async () => {
    const shop = await shopWithStock({ HOT: 5 });
    const carts = await Promise.all(Array.from({ length: 20 }, () => shop.fullCart([{ sku: "HOT", quantity: 1 }])));
    const answers = await Promise.all(carts.map((cart) => shop.checkout(cart, "key")));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(5);
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]));
    expect(new Set(refused)).toEqual(new Set(["out_of_stock"]));
    expect(await stockOf("HOT")).toMatchObject({ onHand: 0, held: 0 });
  });

  it("gives back what a declined payment held and what a cancelled order took", async () => {
    const shop = await shopWithStock({ BACK: 3 });
    const cart = await shop.fullCart([{ sku: "BACK", quantity: 3 }]);
    expect(await shop.checkout(cart, "k1", "pm_card_chargeDeclined")).toMatchObject({ error: { code: "payment_declined" } });
    expect(await stockOf("BACK")).toEqual({ onHand: 3, held: 0, states: ["released"] });
    const placed = await shop.checkout(cart, "k2");
    if (!placed.ok) throw new Error(placed.error.code);
    expect(await stockOf("BACK")).toMatchObject({ onHand: 0, held: 0 });
    await shop.api.cancel(placed.value.order.id, "changed mind", newContext());
    expect(await stockOf("BACK")).toMatchObject({ onHand: 3, held: 0 });
  });

  it("takes a crashed checkout up again without taking the stock twice", async () => {
    const shop = await shopWithStock({ ONCE: 10 }, ["INVENTORY"]);
    const cart = await shop.fullCart([{ sku: "ONCE", quantity: 4 }]);
    shop.crashAt(2, "after");
    await expect(shop.checkout(cart, "k1")).rejects.toThrow();
    await shop.revive();
    expect(await shop.checkout(cart, "k1")).toMatchObject({ ok: true, value: { order: { status: "placed" } } });
    expect(await stockOf("ONCE")).toEqual({ onHand: 6, held: 0, states: ["committed"] });
  });

  it("charges, pays back in part and cancels for the rest, and the provider's books agree", async () => {
    const shop = await shopWithStock({ BOOKS: 5 });
    const order = await shop.placedOrder([{ sku: "BOOKS", quantity: 2 }]);
    const paymentId = order.payment.paymentId ?? "";
    expect(await PAYMENTS.inspect(paymentId, newContext())).toMatchObject({
      value: { status: "captured", capturedMinor: 2_399 },
    });
    const part = {
      idempotencyKey: "r1",
      bodySha256: "b",
      amountMinor: null,
      lines: [{ sku: "BOOKS", quantity: 1 }],
      restock: true,
    };
    expect(await shop.api.refund({ orderId: order.id, ...part }, newContext())).toMatchObject({ ok: true });
    expect(await shop.api.refund({ orderId: order.id, ...part }, newContext())).toMatchObject({ ok: true });
    expect(await PAYMENTS.inspect(paymentId, newContext())).toMatchObject({ value: { refundedMinor: 1_000 } });
    expect(await shop.api.cancel(order.id, "changed mind", newContext())).toMatchObject({ value: { status: "cancelled" } });
    expect(await PAYMENTS.inspect(paymentId, newContext())).toMatchObject({ value: { refundedMinor: 2_399 } });
    expect(await stockOf("BOOKS")).toMatchObject({ onHand: 5, held: 0 });
  });

  it("waits for 3-D Secure, and a cancellation in that time voids the payment and frees the stock", async () => {
    const shop = await shopWithStock({ SECURE: 1 });
    const cart = await shop.fullCart([{ sku: "SECURE", quantity: 1 }]);
    const waiting = await shop.checkout(cart, "k", "pm_card_authenticationRequired");
    if (!waiting.ok) throw new Error(waiting.error.code);
    expect(waiting.value.redirectUrl).toMatch(/^https?:/);
    const { id, payment } = waiting.value.order;
    expect(await shop.api.resumePayment(id, newContext())).toMatchObject({ value: { status: "awaiting_payment" } });
    expect(await shop.api.cancel(id, "changed mind", newContext())).toMatchObject({ value: { status: "cancelled" } });
    expect(await PAYMENTS.inspect(payment.paymentId ?? "", newContext())).toMatchObject({ value: { status: "cancelled" } });
    expect(await stockOf("SECURE")).toMatchObject({ onHand: 1, held: 0 });
  });
});
