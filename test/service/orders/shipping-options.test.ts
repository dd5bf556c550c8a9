import { describe, expect, it } from "vitest";
import { request } from "./shop.ts";

async function estimate(query: string) {
  return await request("GET", `/v1/shipping-options?${query}`);
}

describe("estimating the shipping of a parcel before there is a cart", () => {
  it("lists what goes to the country in the currency, cheapest first, and from when it is free", async () => {
    const { status, body, headers } = await estimate("country=GB&currency=GBP&subtotal_minor=2400&weight_grams=300");
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("public, max-age=60");
    expect(body.items[0]).toEqual({
      id: "uk-standard",
      name: "Standard delivery",
      price: { amount_minor: 399, currency: "GBP" },
      estimated_days: 3,
      free_above: { amount_minor: 5000, currency: "GBP" },
    });
    const prices = body.items.map((item: { price: { amount_minor: number } }) => item.price.amount_minor);
    expect(prices).toEqual(prices.toSorted((a: number, b: number) => a - b));
    expect(body.items.find((item: { id: string }) => item.id === "courier").free_above).toBeNull();
  });

  it("counts what is free above the subtotal, and each started kilogram", async () => {
    const free = await estimate("country=GB&currency=GBP&subtotal_minor=5000");
    expect(free.body.items[0]).toMatchObject({ id: "uk-standard", price: { amount_minor: 0, currency: "GBP" } });
    const heavy = await estimate("country=BR&currency=USD&subtotal_minor=2400&weight_grams=2001");
    const parcel = heavy.body.items.find((item: { id: string }) => item.id === "parcel");
    expect(parcel.price).toEqual({ amount_minor: 1500 + 3 * 450, currency: "USD" });
  });

  it.each(["", "country=XX", "country=GB&currency=gbp", "country=GB&subtotal_minor=-1", "country=GB&weight_grams=1.5"])(
    "refuses %j",
    async (query) => {
      const refused = await estimate(query);
      expect([refused.status, refused.body.code]).toEqual([400, "invalid_request"]);
    },
  );
});
