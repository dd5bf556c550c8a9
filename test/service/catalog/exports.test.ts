/** What is exported can be imported again and changes nothing. */
import { beforeEach, describe, expect, it } from "vitest";
import { admin, bindings, call, exported, fresh, imported, inventory, OPERATOR } from "./client.ts";

beforeEach(async () => {
  await inventory.reset();
});

describe("an export", () => {
  it("imports as what it was, formulas and all", async () => {
    await admin("POST", "/v1/admin/products", {
      title: "=SUM(A1) of 'quotes', \"commas\"",
      description: "<p>a\nb</p>",
      vendor: "@vendor",
      tags: ["-tag", "'quoted"],
      options: ["Size", "+Colour"],
      variants: [
        {
          sku: fresh("=SKU"),
          option_values: ["-1", "=2"],
          prices: [
            { amount_minor: 5, currency: "GBP" },
            { amount_minor: 700, currency: "JPY" },
          ],
        },
        {
          sku: fresh("-SKU"),
          option_values: ["''", "'=x"],
          prices: [{ amount_minor: 500, currency: "GBP", compare_at_minor: 900 }],
        },
      ],
      media: [{ url: "/a.jpg", alt: "=alt" }, { url: "/b.jpg" }, { url: "/c.jpg" }],
    });
    const before = await exported();
    expect(before).not.toMatch(/(?:^|,|\n)"?[=@+]/);
    const version = await bindings.DATABASE.prepare("SELECT version FROM catalog_state").first();
    const run = await imported(before);
    expect(run).toMatchObject({ status: "completed", refused: [] });
    expect(await bindings.DATABASE.prepare("SELECT version FROM catalog_state").first()).toEqual(version);
    expect(await exported()).toBe(before);
    const bare = await call("/v1/admin/exports/products.csv?stock=false", {}, OPERATOR);
    expect(bare.body.split("\r\n")[0]).not.toContain("Inventory Qty");
  }, 60_000);

  it("carries every currency's price and compare-at price there and back", async () => {
    const [handle, sku] = [fresh("coat"), fresh("COAT")];
    const header =
      "Handle,Title,Variant SKU,Variant Price,Variant Compare At Price,Price / EUR,Compare At Price / EUR,price / jpy,Price / XXQ";
    const file = [header, `${handle},Coat,${sku},120.00,150.5,139.9,175,22000,1`, ""].join("\r\n");
    expect(await imported(file)).toMatchObject({ status: "completed", accepted: 1, refused: [] });
    const prices = async () => {
      const { body } = await admin("GET", `/v1/admin/products?q=${sku}`);
      return body.items[0].variants[0].prices;
    };
    const original = [
      { amount_minor: 13_990, currency: "EUR", compare_at_minor: 17_500 },
      { amount_minor: 12_000, currency: "GBP", compare_at_minor: 15_050 },
      { amount_minor: 22_000, currency: "JPY", compare_at_minor: null },
    ];
    expect(await prices()).toEqual(original);
    const backup = await exported();
    expect(backup.split("\r\n")[0]).toMatch(/,Price \/ EUR,Compare At Price \/ EUR,Price \/ JPY,Compare At Price \/ JPY$/);
    const [product] = (await admin("GET", `/v1/admin/products?q=${sku}`)).body.items;
    await admin("PATCH", `/v1/admin/products/${product.id}/variants/${product.variants[0].id}`, {
      prices: [
        { amount_minor: 1, currency: "GBP" },
        { amount_minor: 2, currency: "EUR" },
      ],
    });
    expect(await imported(backup)).toMatchObject({ status: "completed", refused: [] });
    expect(await prices()).toEqual(original);
  }, 60_000);

  it.each(["1,5", "-3", "9.999", "1e3", "=1+1", "€5"])("imports no row whose euro price is %s", async (price) => {
    const sku = fresh("BAD");
    const file = `Handle,Title,Variant SKU,Variant Price,Price / EUR\r\n${fresh("h")},Bad,${sku},1.00,"${price}"\r\n`;
    const run = await imported(file);
    expect([run.accepted, run.refused.map((refusal: { row: number }) => refusal.row)]).toEqual([0, [2]]);
  });
});
