/** Facets count what choosing them would list; what is sold out follows inventory within seconds, and costs it nothing. */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { mirrorSoldOut } from "../../../workers/catalog/mirror-sold-out.ts";
import { admin, bindings, catalog, fresh, gbp, get, inventory, type Json, product } from "./client.ts";
import { listingDifferences } from "./rebuilt-listings.ts";

let nowMs = Date.now();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: nowMs });
});

afterEach(() => {
  nowMs = Date.now();
  vi.useRealTimers();
});

async function category(title: string, parent: string | null = null, position = 0): Promise<string> {
  const handle = fresh("cat");
  await admin("POST", "/v1/admin/categories", { title, handle, parent, position });
  return handle;
}

function priced(sku: string, amountMinor: number) {
  return { variants: [{ sku, prices: [gbp(amountMinor)], inventory_quantity: 5 }] };
}

/** Lets so much time pass that the mirror looks again and stock may raise the version, and has it look. */
async function mirrored(): Promise<void> {
  vi.setSystemTime(Date.now() + 10_000);
  const before = await revisionOf();
  await catalog.version();
  await vi.waitFor(async () => expect(await revisionOf()).toBeGreaterThan(before), { timeout: 3_000, interval: 10 });
}

async function revisionOf(): Promise<number> {
  const row = await bindings.DATABASE.prepare("SELECT stock_revision AS revision FROM catalog_state").first<{
    revision: number;
  }>();
  return row?.revision ?? -1;
}

async function versionOf(): Promise<number> {
  const row = await bindings.DATABASE.prepare("SELECT version FROM catalog_state").first<{ version: number }>();
  return row?.version ?? -1;
}

const facets = async (query: string): Promise<Json> => (await get(`/v1/products?facets=true&${query}`)).body.facets;

describe("facets", () => {
  let outdoor: string;
  let tents: string;
  let lamps: string;
  const [cheapTent, dearTent, lamp] = [fresh("T1"), fresh("T2"), fresh("L1")];

  beforeAll(async () => {
    await inventory.reset();
    outdoor = await category("Outdoor");
    lamps = await category("Lamps", outdoor, 2);
    tents = await category("Tents", outdoor, 1);
    await category("Empty", outdoor, 3);
    await product({ title: "Small tent", category: tents, tags: ["green", "light"], ...priced(cheapTent, 5_000) });
    await product({ title: "Big tent", category: tents, tags: ["green"], ...priced(dearTent, 20_000) });
    await product({ title: "Lamp", category: lamps, tags: ["light"], ...priced(lamp, 3_000) });
  });

  it("are left out unless they are asked for", async () => {
    expect((await get(`/v1/products?category=${outdoor}`)).body.facets).toBeNull();
  });

  it("count categories with what is below them, in order, without empty ones", async () => {
    const { categories } = await facets(`category=${outdoor}`);
    const ours = categories.filter((entry: Json) => [outdoor, lamps, tents].includes(entry.handle));
    expect(ours).toEqual([
      { handle: outdoor, title: "Outdoor", parent: null, count: 3 },
      { handle: tents, title: "Tents", parent: outdoor, count: 2 },
      { handle: lamps, title: "Lamps", parent: outdoor, count: 1 },
    ]);
    expect(categories.some((entry: Json) => entry.title === "Empty")).toBe(false);
  });

  it("apply every filter but their own", async () => {
    const found = await facets(`category=${tents}&max_price_minor=10000&tag=green&q=tent`);
    expect(found).toEqual({
      categories: expect.arrayContaining([expect.objectContaining({ handle: tents, count: 1 })]),
      price: { min: gbp(5_000), max: gbp(20_000) },
      availability: { in_stock: 1, sold_out: 0 },
      tags: [
        { tag: "green", count: 1 },
        { tag: "light", count: 1 },
      ],
    });
    expect(found.categories.some((entry: Json) => entry.handle === lamps)).toBe(false);
  });

  it("name the categories beside the chosen one", async () => {
    const { categories } = await facets(`category=${tents}`);
    expect(categories).toContainEqual({ handle: lamps, title: "Lamps", parent: outdoor, count: 1 });
  });

  it("say the same total as the list, and what each choice would list", async () => {
    const { body } = await get(`/v1/products?facets=true&category=${outdoor}&limit=1`);
    expect([body.total, body.total_capped]).toEqual([3, false]);
    for (const { handle, count } of body.facets.categories) {
      expect([handle, (await get(`/v1/products?category=${handle}`)).body.total]).toEqual([handle, count]);
    }
    for (const { tag, count } of body.facets.tags) {
      expect([tag, (await get(`/v1/products?category=${outdoor}&tag=${tag}`)).body.total]).toEqual([tag, count]);
    }
  });

  it("are empty for a search that finds nothing", async () => {
    expect(await facets("q=%F0%9F%8E%81")).toEqual({
      categories: [],
      price: { min: null, max: null },
      availability: { in_stock: 0, sold_out: 0 },
      tags: [],
    });
  });

  it("and badges follow stock out and back, under a higher version", async () => {
    const before = await catalog.version();
    await inventory.turn([dearTent], true);
    vi.setSystemTime(Date.now() + 10_000);
    expect(await catalog.version()).toBeGreaterThan(before);
    const list = await get(`/v1/products?category=${tents}&facets=true&sort=price_asc`);
    expect(list.body.items.map((item: Json) => item.sold_out)).toEqual([false, true]);
    expect(list.body.facets.availability).toEqual({ in_stock: 1, sold_out: 1 });
    expect(Number(list.headers.get("x-catalog-version"))).toBeGreaterThan(before);
    const inStock = (await get(`/v1/products?category=${tents}&availability=in_stock&facets=true`)).body;
    expect([inStock.total, inStock.items.length, inStock.facets.availability]).toEqual([1, 1, { in_stock: 1, sold_out: 1 }]);
    await inventory.turn([dearTent], false);
    await mirrored();
    expect((await facets(`category=${tents}`)).availability).toEqual({ in_stock: 2, sold_out: 0 });
  });
});

describe("a product that is sold out", () => {
  it("is one whose every variant is; a single variant changes nothing and raises no version", async () => {
    const handle = await category("Shirts");
    const [small, large] = [fresh("S"), fresh("L")];
    const made = await product({
      category: handle,
      options: ["Size"],
      variants: [
        { sku: small, option_values: ["S"], prices: [gbp(1)] },
        { sku: large, option_values: ["L"], prices: [gbp(1), { amount_minor: 2, currency: "EUR" }] },
      ],
    });
    const version = await versionOf();
    await inventory.turn([small], true);
    await mirrored();
    expect(await versionOf()).toBe(version);
    await admin("PATCH", `/v1/admin/products/${made.id}`, { title: "Linen shirt" });
    expect([(await get(`/v1/products?category=${handle}`)).body.items[0].sold_out, await versionOf()]).toEqual([
      false,
      version + 1,
    ]);
    await inventory.turn([small, large], true);
    await inventory.turn([small], false);
    await mirrored();
    expect((await get(`/v1/products?category=${handle}`)).body.items[0].sold_out).toBe(false);
    expect((await get(`/v1/products?category=${handle}&currency=EUR`)).body.items[0].sold_out).toBe(true);
  });

  it("is known so when it is made after its stock ran out", async () => {
    const handle = await category("Late");
    const sku = fresh("LATE");
    await inventory.turn([sku], true);
    await mirrored();
    await product({ category: handle, ...priced(sku, 1) });
    expect((await get(`/v1/products?category=${handle}`)).body.items[0].sold_out).toBe(true);
  });

  it("raises the version at most every few seconds, however many sell out", async () => {
    const handle = await category("Rush");
    const skus = [fresh("R"), fresh("R")];
    for (const sku of skus) await product({ category: handle, ...priced(sku, 1) });
    await inventory.turn(skus.slice(0, 1), true);
    await mirrored();
    vi.setSystemTime(Date.now() + 2_500);
    const [version, revision] = [await versionOf(), await revisionOf()];
    await inventory.turn(skus.slice(1), true);
    await catalog.version();
    expect([await versionOf(), await revisionOf()]).toEqual([version, revision]);
    await mirrored();
    expect((await facets(`category=${handle}`)).availability).toEqual({ in_stock: 0, sold_out: 2 });
    expect(await listingDifferences()).toEqual([]);
  });
});

describe("two readers at once", () => {
  it("apply a change once: the slower one does nothing", async () => {
    const sku = fresh("RACE");
    vi.setSystemTime(Date.now() + 10_000);
    const revision = await revisionOf();
    const move = (to: number) => bindings.DATABASE.prepare("UPDATE catalog_state SET stock_revision = ?1").bind(to).run();
    const readSoldOutChanges = async () => {
      await move(revision + 50);
      return [{ sku, soldOut: true, revision: revision + 1 }];
    };
    await mirrorSoldOut({ DATABASE: bindings.DATABASE, INVENTORY: { readSoldOutChanges } });
    const known = await bindings.DATABASE.prepare("SELECT 1 FROM sold_out_skus WHERE sku = ?1").bind(sku).first();
    expect([known, await revisionOf()]).toEqual([null, revision + 50]);
    await move(revision);
  });
});

describe("inventory's absence", () => {
  it("leaves lists as they were", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const handle = await category("Alone");
    await product({ category: handle });
    await inventory.failReads(100);
    vi.setSystemTime(Date.now() + 10_000);
    expect((await get(`/v1/products?category=${handle}&facets=true`)).body.total).toBe(1);
    await vi.waitFor(() => expect(JSON.stringify(warn.mock.calls)).toContain("sold_out_mirror_late"), { timeout: 3_000 });
    await inventory.failReads(0);
    warn.mockRestore();
  });
});
