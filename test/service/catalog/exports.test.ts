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
});
