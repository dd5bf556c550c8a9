/** Lists stay in their order under every sort, page without repeating or missing, and refuse what makes no sense. */
import { beforeAll, describe, expect, it } from "vitest";
import { admin, bindings, fresh, gbp, get, inventory, type Json, product } from "./client.ts";
import { listingDifferences } from "./rebuilt-listings.ts";

const titles = (body: Json): string[] => body.items.map((item: { title: string }) => item.title);

async function category(title = "Category", rest: object = {}): Promise<string> {
  const handle = fresh("cat");
  await admin("POST", "/v1/admin/categories", { title, handle, ...rest });
  return handle;
}

function priced(amountMinor: number, more: object = {}) {
  return { variants: [{ sku: fresh("SKU"), prices: [{ ...gbp(amountMinor), ...more }], inventory_quantity: 5 }] };
}

let shelf: string;

beforeAll(async () => {
  await inventory.reset();
  shelf = await category("Shelf");
  await product({ title: "Zinc Bucket", category: shelf, ...priced(900) });
  await product({ title: "äpfel Crate", category: shelf, ...priced(2_500), tags: ["Featured", "wood"] });
  await product({ title: "Apricot Lamp", category: shelf, ...priced(2_500, { compare_at_minor: 4_000 }) });
  await product({ title: "boat Hook", category: shelf, ...priced(100), tags: ["Wood", "featured"] });
});

describe("a sort", () => {
  it.each([
    ["", ["boat Hook", "äpfel Crate", "Apricot Lamp", "Zinc Bucket"]],
    ["sort=featured", ["boat Hook", "äpfel Crate", "Apricot Lamp", "Zinc Bucket"]],
    ["sort=relevance", ["boat Hook", "äpfel Crate", "Apricot Lamp", "Zinc Bucket"]],
    ["sort=", ["boat Hook", "äpfel Crate", "Apricot Lamp", "Zinc Bucket"]],
    ["sort=newest", ["boat Hook", "Apricot Lamp", "äpfel Crate", "Zinc Bucket"]],
    ["sort=price_asc", ["boat Hook", "Zinc Bucket", "äpfel Crate", "Apricot Lamp"]],
    ["sort=price_desc", ["Apricot Lamp", "äpfel Crate", "Zinc Bucket", "boat Hook"]],
    ["sort=title", ["äpfel Crate", "Apricot Lamp", "boat Hook", "Zinc Bucket"]],
  ])("by %j gives %j, in one page and in many", async (sort, expected) => {
    expect(titles((await get(`/v1/products?category=${shelf}&${sort}`)).body)).toEqual(expected);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body }: { body: Json } = await get(
        `/v1/products?category=${shelf}&${sort}&limit=1&cursor=${cursor}`.replace(/&cursor=$/, ""),
      );
      seen.push(...titles(body));
      expect(body.total).toBe(4);
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(expected);
  });

  it.each(["newest", "featured", "price_asc", "price_desc", "title"])(
    "by %s shows every product once while others come and go between its pages",
    async (sort) => {
      const handle = await category();
      const make = (index: number) =>
        product({
          title: `Thing ${index % 3}`,
          category: handle,
          ...priced(100 + (index % 4)),
          tags: index % 5 ? [] : ["featured"],
        });
      const made: string[] = [];
      for (let index = 0; index < 17; index++) made.push((await make(index)).id);
      const leaving = (await make(99)).id;
      const seen: string[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const path = `/v1/products?category=${handle}&sort=${sort}&limit=5${cursor === "" ? "" : `&cursor=${cursor}`}`;
        const { body }: { body: Json } = await get(path);
        seen.push(...body.items.map((item: { id: string }) => item.id));
        cursor = body.next_cursor;
        await make(seen.length);
        await admin("DELETE", `/v1/admin/products/${leaving}`);
      }
      expect(made.filter((id) => !seen.includes(id))).toEqual([]);
      expect(new Set(seen).size).toBe(seen.length);
    },
  );

  it("orders search results too, and keeps what was searched from page to page", async () => {
    const word = fresh("quince").replaceAll("-", "");
    for (const price of [300, 100, 200]) await product({ title: `${word} ${price}`, ...priced(price) });
    const typo = `x${word.slice(1)}`;
    const first = (await get(`/v1/products?q=${typo}&sort=price_asc&limit=2`)).body;
    expect([titles(first), first.correction]).toEqual([[`${word} 100`, `${word} 200`], { query: word, applied: true }]);
    const second = (await get(`/v1/products?q=${typo}&sort=price_asc&limit=2&cursor=${first.next_cursor}`)).body;
    expect([titles(second), second.correction?.query, second.next_cursor]).toEqual([[`${word} 300`], word, null]);
  });

  it("reads the narrow rows of the list along an index, not all of them", async () => {
    const plans = await Promise.all(
      ["l.featured DESC, l.row_id DESC", "l.row_id DESC", "l.amount_minor, l.row_id", "l.amount_minor DESC, l.row_id DESC"].map(
        async (order) => {
          const query = `EXPLAIN QUERY PLAN SELECT l.row_id FROM listings l WHERE l.currency = 'GBP' ORDER BY ${order} LIMIT 20`;
          return (await bindings.DATABASE.prepare(query).all<{ detail: string }>()).results.map((row) => row.detail).join("; ");
        },
      ),
    );
    expect(plans.filter((plan) => plan.includes("TEMP B-TREE"))).toEqual([]);
  });
});

describe("a cursor", () => {
  it("is refused by another sort, filter, query or currency, and by another kind of list", async () => {
    const handle = await category();
    const word = fresh("plum").replaceAll("-", "");
    for (let index = 0; index < 3; index++) await product({ title: `${word} ${index}`, category: handle });
    const list = (await get(`/v1/products?category=${handle}&sort=price_asc&limit=1`)).body.next_cursor;
    const search = (await get(`/v1/products?category=${handle}&q=${word}&limit=1`)).body.next_cursor;
    const other = [
      `category=${handle}&sort=price_desc&cursor=${list}`,
      `category=${handle}&cursor=${list}`,
      `sort=price_asc&cursor=${list}`,
      `category=${handle}&sort=price_asc&tag=a&cursor=${list}`,
      `category=${handle}&sort=price_asc&min_price_minor=1&cursor=${list}`,
      `category=${handle}&sort=price_asc&availability=in_stock&cursor=${list}`,
      `category=${handle}&sort=price_asc&currency=EUR&cursor=${list}`,
      `category=${handle}&sort=price_asc&q=${word}&cursor=${list}`,
      `category=${handle}&q=${word}x&cursor=${search}`,
      `category=${handle}&q=${word}&sort=title&cursor=${search}`,
      `q=${word}&cursor=${search}`,
      `category=${handle}&cursor=${search}`,
    ];
    for (const query of other) {
      expect([query, await get(`/v1/products?${query}`)]).toMatchObject([
        query,
        { status: 400, body: { code: "invalid_cursor" } },
      ]);
    }
    expect((await get(`/v1/products?category=${handle}&sort=price_asc&limit=1&cursor=${list}`)).status).toBe(200);
    expect((await get(`/v1/products?category=${handle}&q=${word}&limit=3&cursor=${search}`)).status).toBe(200);
  });

  it("survives a forged position without an error", async () => {
    const handle = await category();
    for (let index = 0; index < 2; index++) await product({ category: handle });
    const cursor = (await get(`/v1/products?category=${handle}&sort=title&limit=1`)).body.next_cursor;
    const position = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    for (const k of ["'; DROP TABLE listings; --", 1e300, null, "\u0000", ""]) {
      const forged = btoa(JSON.stringify({ ...position, k }))
        .replaceAll("+", "-")
        .replaceAll("/", "_")
        .replaceAll("=", "");
      expect((await get(`/v1/products?category=${handle}&sort=title&cursor=${forged}`)).status).toBe(200);
    }
    for (const r of [-1, 1.5, "1", 2 ** 60]) {
      const forged = btoa(JSON.stringify({ ...position, r }))
        .replaceAll("+", "-")
        .replaceAll("/", "_")
        .replaceAll("=", "");
      expect((await get(`/v1/products?category=${handle}&sort=title&cursor=${forged}`)).body.code).toBe("invalid_cursor");
    }
  });
});

describe("a filter", () => {
  it.each([
    ["min_price_minor=900", 3],
    ["max_price_minor=900", 2],
    ["min_price_minor=900&max_price_minor=900", 1],
    ["min_price_minor=&max_price_minor=", 4],
    ["min_price_minor=0&max_price_minor=900000000000", 4],
    ["tag=wood", 2],
    ["tag=WOOD", 2],
    ["tag=woo", 0],
    ["tag=%25", 0],
    ["tag=", 4],
    ["availability=in_stock", 4],
    ["availability=", 4],
    ["currency=EUR", 0],
    ["tag=wood&max_price_minor=100", 1],
  ])("%s leaves %i of four", async (filter, left) => {
    const { status, body } = await get(`/v1/products?category=${shelf}&${filter}`);
    expect([status, body.items.length, body.total, body.total_capped]).toEqual([200, left, left, false]);
  });

  it.each([
    "sort=cheapest",
    "sort=PRICE_ASC",
    "sort=price_asc&sort=title",
    "sort=l.amount_minor%3B--",
    "min_price_minor=200&max_price_minor=100",
    "min_price_minor=-1",
    "min_price_minor=1.5",
    "min_price_minor=1e3",
    "min_price_minor=0x10",
    "min_price_minor=%20",
    "min_price_minor=%D9%A3",
    "max_price_minor=900000000001",
    "max_price_minor=999999999999999999999999",
    "max_price_minor=NaN",
    "availability=maybe",
    "facets=1",
    `tag=${"t".repeat(256)}`,
    "category=%00",
    "category=..%2F..",
    "currency=gbp",
    "limit=0",
    "limit=1e2e",
  ])("%s is refused as an invalid request", async (query) => {
    expect(await get(`/v1/products?${query}`)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it.each([
    "tag=%F0%9F%8E%81",
    "tag=%00",
    "tag=%E2%80%AE",
    "q=%F0%9F%8E%81&sort=title",
    "q=%00&facets=true",
    "category=none&facets=true",
  ])("%s finds nothing, quietly", async (query) => {
    expect(await get(`/v1/products?${query}`)).toMatchObject({ status: 200, body: { items: [], total: 0, next_cursor: null } });
  });

  it("never changes what a query means: an empty price range is empty, not another word", async () => {
    const word = fresh("medlar").replaceAll("-", "");
    await product({ title: word, ...priced(500) });
    await product({ title: `${word.slice(0, -1)}x`, ...priced(9_000) });
    const { body } = await get(`/v1/products?q=${word}&min_price_minor=8000`);
    expect([body.items, body.correction]).toEqual([[], null]);
  });
});

describe("a card", () => {
  it("has what a shop shows of a product", async () => {
    const handle = await category("Coats");
    await product({
      title: "Coat",
      category: handle,
      tags: ["new"],
      options: ["Size"],
      variants: [
        { sku: fresh("S"), option_values: ["S"], prices: [{ ...gbp(5_000), compare_at_minor: 7_000 }] },
        { sku: fresh("L"), option_values: ["L"], prices: [{ ...gbp(6_000), compare_at_minor: 9_000 }] },
      ],
      media: [{ url: "/a.webp", alt: "Front" }, { url: "/b.webp", alt: "Back" }, { url: "/c.webp" }],
    });
    const { body } = await get(`/v1/products?category=${handle}`);
    expect(body.items).toMatchObject([
      {
        category: { handle, title: "Coats" },
        media: [
          { url: "/a.webp", alt: "Front", position: 1 },
          { url: "/b.webp", alt: "Back", position: 2 },
        ],
        tags: ["new"],
        price_from: gbp(5_000),
        compare_at_from: gbp(7_000),
        price_varies: true,
        sold_out: false,
      },
    ]);
    expect(body.items[0].media).toHaveLength(2);
  });

  it("is not on sale when it was cheaper before, or when only a dearer variant is reduced", async () => {
    const handle = await category();
    await product({ category: handle, ...priced(500, { compare_at_minor: 500 }) });
    await product({
      category: handle,
      options: ["Size"],
      variants: [
        { sku: fresh("S"), option_values: ["S"], prices: [gbp(100)] },
        { sku: fresh("L"), option_values: ["L"], prices: [{ ...gbp(600), compare_at_minor: 900 }] },
      ],
    });
    const { items } = (await get(`/v1/products?category=${handle}`)).body;
    expect(items.map((item: Json) => [item.compare_at_from, item.price_varies])).toEqual([
      [null, true],
      [null, false],
    ]);
  });

  it("follows a product through every change", async () => {
    const handle = await category();
    const made = await product({ title: "Old", category: handle, ...priced(500) });
    const variant = made.variants[0].id;
    const list = async (query = "") => (await get(`/v1/products?category=${handle}${query}`)).body;
    await admin("PATCH", `/v1/admin/products/${made.id}/variants/${variant}`, {
      prices: [{ amount_minor: 700, currency: "EUR" }],
    });
    expect([(await list()).total, (await list("&currency=EUR")).total]).toEqual([0, 1]);
    await admin("PATCH", `/v1/admin/products/${made.id}`, { tags: ["late"], title: "New" });
    expect(titles(await list("&currency=EUR&tag=late"))).toEqual(["New"]);
    await admin("DELETE", `/v1/admin/products/${made.id}`);
    expect((await list("&currency=EUR")).total).toBe(0);
  });

  it("leaves its category with it, and loses it when it is deleted", async () => {
    const handle = await category();
    const made = await product({ category: handle, tags: ["Kept"] });
    await admin("DELETE", `/v1/admin/categories/${handle}`);
    const found = (await get(`/v1/products?q=${made.handle}&tag=kept`)).body.items;
    expect(found.every((item: Json) => item.category === null)).toBe(true);
    expect(await listingDifferences()).toEqual([]);
  });
});
