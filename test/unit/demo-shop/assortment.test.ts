/** What a newcomer sees first: a whole shop, every row of which imports, with a picture for everything. */
import { describe, expect, it } from "vitest";
import { readColumns } from "../../../durable-objects/import-run/csv-columns.ts";
import { CATEGORIES, type DemoProduct } from "../../../scripts/demo-shop/assortment.ts";
import { categoryPicture, productPicture } from "../../../scripts/demo-shop/picture-keys.ts";
import { pictureKeys } from "../../../scripts/demo-shop/pictures.ts";
import { ABROAD, priceTag } from "../../../scripts/demo-shop/prices.ts";
import { demoShopCsv } from "../../../scripts/demo-shop/products.ts";
import { slug } from "../../../scripts/demo-shop/slug.ts";
import { productPictures } from "../../../scripts/draw-pictures/product-pictures.ts";
import { PictureKey } from "../../../workers/media/picture-key.ts";

const PRODUCTS = CATEGORIES.flatMap((category) => category.products);
const PICTURES = new Set(pictureKeys());
const ROWS = demoShopCsv(PICTURES).trimEnd().split("\n");

function productNamed(title: string): DemoProduct | undefined {
  return PRODUCTS.find((product) => product.title === title);
}

describe("the assortment", () => {
  it("has at least sixty products in eight categories, each said in its own words", () => {
    expect(CATEGORIES).toHaveLength(8);
    expect(PRODUCTS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(PRODUCTS.map((product) => product.text)).size).toBe(PRODUCTS.length);
    for (const { title, text, details } of PRODUCTS) {
      expect(text.length, title).toBeGreaterThan(40);
      expect(details.length, title).toBeGreaterThanOrEqual(2);
    }
  });

  it("has something sold out, something scarce, something on back order and something reduced", () => {
    expect(productNamed("Drift Windshirt")?.stock).toBe(0);
    expect(productNamed("Oiled Wool Rollneck")?.stock).toBe(3);
    expect(productNamed("Throw Line 20 m")?.backorder).toBe(true);
    expect(PRODUCTS.filter(({ pence, was }) => was !== undefined && was > pence).length).toBeGreaterThanOrEqual(3);
  });
});

describe("the pictures", () => {
  it("are there for every product and category and for the home page, under keys that the media service takes", () => {
    const wanted = [
      ...PRODUCTS.map(({ title }) => productPicture(slug(title))),
      ...CATEGORIES.map(({ title }) => categoryPicture(title)),
      "home/hero.webp",
    ];
    expect(wanted.filter((key) => !PICTURES.has(key))).toEqual([]);
    expect([...PICTURES].filter((key) => !PictureKey.safeParse(key).success)).toEqual([]);
  });

  it("are those that the drawings make, no more and no fewer", () => {
    const drawn = CATEGORIES.flatMap(({ title, products }) =>
      products.flatMap((product) => productPictures(title, product).map(([key]) => key)),
    );
    expect([...PICTURES].filter((key) => key.startsWith("products/"))).toEqual(drawn.sort());
  });
});

describe("the CSV", () => {
  it("has the import's own columns, and no SKU twice", () => {
    const header = (ROWS[0] ?? "").split(",");
    expect(readColumns(header)).toMatchObject({
      ok: true,
      value: { currencies: [{ currency: "EUR" }, { currency: "USD" }, { currency: "JPY" }] },
    });
    const skus = ROWS.flatMap((row) => /HF-\d{5}[A-Z0-9-]*/.exec(row)?.[0] ?? []);
    expect(new Set(skus).size).toBe(skus.length);
    expect(skus).toContain("HF-10407");
    expect(skus).toContain("HF-10001-NAVY-XL");
  });

  it("gives every variant of a colour its picture", () => {
    const navy = ROWS.filter((row) => row.includes("HF-10001-NAVY-"));
    expect(navy).toHaveLength(4);
    for (const row of navy) expect(row).toContain(",/media/products/skerry-rain-jacket-navy.webp,");
  });
});

describe("prices abroad", () => {
  it.each([
    ["EUR", 450, "5.30"],
    ["EUR", 2600, "30.50"],
    ["EUR", 14900, "174.00"],
    ["USD", 600, "7.70"],
    ["JPY", 450, "880"],
    ["JPY", 2600, "5100"],
    ["JPY", 14900, "29000"],
  ])("in %s, %i pence are tagged %s", (currency, pence, tag) => {
    const country = ABROAD.find((abroad) => abroad.currency === currency);
    expect(country === undefined ? undefined : priceTag(pence, country)).toBe(tag);
  });

  it("stay below what they were before a sale", () => {
    for (const country of ABROAD) {
      for (const { title, pence, was } of PRODUCTS) {
        if (was !== undefined) expect(Number(priceTag(pence, country)), title).toBeLessThan(Number(priceTag(was, country)));
      }
    }
  });
});
