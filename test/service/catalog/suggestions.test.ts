/** Suggestions come while somebody types: whole words or halves, in any order, mistakes included, and nothing breaks them. */
import { beforeAll, describe, expect, it } from "vitest";
import { admin, fresh, get, inventory, type Json, product } from "./client.ts";

const suggest = async (query: string, rest = ""): Promise<Json> =>
  (await get(`/v1/search/suggestions?q=${encodeURIComponent(query)}${rest}`)).body;
const titles = (body: Json): string[] => body.items.map((item: { title: string }) => item.title);

let raincoats: string;

beforeAll(async () => {
  await inventory.reset();
  raincoats = fresh("raincoats");
  await admin("POST", "/v1/admin/categories", { title: "Rain Coats", handle: raincoats, image: "/media/rain.webp" });
  await admin("POST", "/v1/admin/categories", { title: "Rainy Empty", handle: fresh("empty") });
  await product({
    title: "Running Jacket",
    category: raincoats,
    media: [{ url: "/jacket.webp" }],
    description: "<p>oilskin</p>",
  });
  await product({ title: "Rain Hat" });
  await product({ title: "Necklace" });
  await product({ title: "Café Crème Mug" });
  await product({ title: "雨傘 ブルー" });
  await product({ title: "Rain Draft", status: "draft" });
  await product({ title: "Rain Euro", variants: [{ sku: fresh("E"), prices: [{ amount_minor: 1, currency: "EUR" }] }] });
});

describe("suggestions", () => {
  it("begin with categories that have something, then products", async () => {
    expect(await suggest("rai")).toEqual({
      items: [
        { kind: "category", title: "Rain Coats", handle: raincoats, image: "/media/rain.webp" },
        { kind: "product", title: "Rain Hat", handle: expect.any(String), image: null },
      ],
      correction: null,
    });
    expect((await suggest("running j")).items).toMatchObject([{ kind: "product", image: "/jacket.webp" }]);
  });

  it.each([
    ["r", ["Rain Coats", "Rain Hat", "Running Jacket"]],
    ["runn", ["Running Jacket"]],
    ["runni", ["Running Jacket"]],
    ["jack run", ["Running Jacket"]],
    ["CAFE cre", ["Café Crème Mug"]],
    ["雨", ["雨傘 ブルー"]],
    ["ブル", ["雨傘 ブルー"]],
    ["oilskin", []],
    ["rain draft", []],
  ])("for %s are %j", async (typed, expected) => {
    expect(titles(await suggest(typed))).toEqual(expected);
  });

  it.each([
    ["nekcl", "necklace", ["Necklace"]],
    ["neklace", "necklace", ["Necklace"]],
    ["encklac", "necklace", ["Necklace"]],
    ["runing jaket", "running jacket", ["Running Jacket"]],
    ["jackte", "jacket", ["Running Jacket"]],
  ])("take %s for %s", async (typed, meant, expected) => {
    const body = await suggest(typed);
    expect([titles(body), body.correction]).toEqual([expected, { query: meant, applied: true }]);
  });

  it("know the currency, and stop at the limit", async () => {
    expect(titles(await suggest("rain", "&currency=EUR"))).toEqual(["Rain Euro"]);
    expect(titles(await suggest("r", "&limit=1"))).toHaveLength(1);
  });

  it.each([
    "",
    " ",
    '"',
    "*",
    "()",
    "🎁",
    "\u0000",
    "%",
    "_",
    "‮",
    "a".repeat(200),
    "ﷺ".repeat(150),
    "NEAR(",
    "-rain",
    "title:rain",
    "'; --",
  ])("answer %j without an error", async (typed) => {
    const answer = await get(`/v1/search/suggestions?q=${encodeURIComponent(typed)}`);
    expect([answer.status, Array.isArray(answer.body.items)]).toEqual([200, true]);
  });

  it.each(["limit=0", "limit=21", "limit=x", `q=${"a".repeat(201)}`, "q=a&q=b", "currency=XXQ"])("refuse %s", async (query) => {
    expect(await get(`/v1/search/suggestions?${query}`)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it("leave a product whose handle is suggestions where it is", async () => {
    await product({ title: "Trap", handle: "suggestions" });
    expect((await get("/v1/products/suggestions")).body.title).toBe("Trap");
  });
});
