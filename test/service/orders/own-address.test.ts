/** Guest orders of an address belong to whoever confirmed it: listed and readable, before and after, and for nobody else. */
import { describe, expect, it } from "vitest";
import { newId } from "../../../workers/shared/identifiers.ts";
import { bindings, CONTEXT, checkout, customer, filledCart, orders, product, request } from "./shop.ts";

async function guestOrder(email: string): Promise<string> {
  const cart = await filledCart({ [await product()]: 1 });
  await request("PATCH", cart.path, { as: cart.as, body: { email } });
  const answer = await checkout(cart, crypto.randomUUID());
  expect(answer.status).toBe(201);
  await orders.catchUp(CONTEXT);
  return answer.body.order.id;
}

async function listed(customerId: string): Promise<string[]> {
  const answer = await request("GET", "/v1/orders", { as: customer(customerId) });
  return answer.body.items.map((order: { id: string }) => order.id);
}

describe("a guest's orders", () => {
  it("are the customer's once the address is confirmed, also those that come later, and never a stranger's", async () => {
    const [owner, stranger] = [newId("cus", Date.now()), newId("cus", Date.now())];
    const email = `Owner.${crypto.randomUUID()}@Example.com`;
    const before = await guestOrder(email);
    expect(await listed(owner)).toEqual([]);
    const path = `/v1/orders/${before}`;
    expect((await request("GET", path, { as: customer(owner) })).status).toBe(404);
    await orders.ownAddress(owner, email.toLowerCase(), CONTEXT);
    await orders.ownAddress(owner, email.toLowerCase(), CONTEXT);
    const after = await guestOrder(email);
    expect(await listed(owner)).toEqual([after, before]);
    expect((await request("GET", path, { as: customer(owner) })).status).toBe(200);
    expect(await listed(stranger)).toEqual([]);
    expect((await request("GET", path, { as: customer(stranger) })).status).toBe(404);
  });

  it("go with the mailbox to the last who proves it", async () => {
    const [first, second] = [newId("cus", Date.now()), newId("cus", Date.now())];
    const email = `${crypto.randomUUID()}@example.com`;
    const order = await guestOrder(email);
    await orders.ownAddress(first, email, CONTEXT);
    await orders.ownAddress(second, email, CONTEXT);
    expect(await listed(first)).toEqual([]);
    expect(await listed(second)).toEqual([order]);
  });

  it("are found by index, not by a look at every order", async () => {
    const { results } = await bindings.DATABASE.prepare(
      `EXPLAIN QUERY PLAN SELECT * FROM orders
       WHERE (customer_id = 'a' OR (customer_id IS NULL AND lower(email) IN ('b'))) ORDER BY created_at_ms DESC, order_id DESC LIMIT 21`,
    ).all<{ detail: string }>();
    const plan = results.map(({ detail }) => detail).join("\n");
    expect(plan).toContain("orders_by_customer");
    expect(plan).toContain("orders_by_email");
  });
});
