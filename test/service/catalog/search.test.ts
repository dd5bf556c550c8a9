/** Search finds what people mean, in stable pages, and takes any text without breaking. */
import { beforeAll, describe, expect, it } from "vitest";
import { fresh, get, inventory, type Json, product } from "./client.ts";

const titles = (body: Json): string[] => body.items.map((item: { title: string }) => item.title);
const search = (query: string, rest = "") => get(`/v1/products?q=${encodeURIComponent(query)}${rest}`);

beforeAll(async () => {
  await inventory.reset();
  await product({ title: "Silver Necklace", tags: ["jewellery"], vendor: "Argent" });
  await product({ title: "Gift Box", description: "<p>Holds a necklace or a ring</p>" });
  await product({ title: "Ceramic Teapot", vendor: "Potters", type: "Kitchen", sku: "TEA-4711" });
  await product({ title: "Café Crème Mug" });
  await product({ title: "Hidden Necklace", status: "draft" });
});

describe("search", () => {
  it("puts a word in the title before the same word in the description", async () => {
    expect(titles((await search("necklace")).body)).toEqual(["Silver Necklace", "Gift Box"]);
  });

  it("finds other forms of a word, words without accents, vendors, types and SKUs", async () => {
    expect(titles((await search("necklaces")).body)).toContain("Silver Necklace");
    expect(titles((await search("cafe creme")).body)).toEqual(["Café Crème Mug"]);
    expect(titles((await search("potters")).body)).toEqual(["Ceramic Teapot"]);
    expect(titles((await search("kitchen")).body)).toEqual(["Ceramic Teapot"]);
    expect(titles((await search("TEA-4711")).body)).toEqual(["Ceramic Teapot"]);
  });

  it.each([
    "レインブーツ",
    "雨傘",
    "방수 재킷",
    "Ärmelloß",
    "Ёлка",
    "Άνοιξη",
    "เสื้อกันฝน",
    "बरसाती",
    "ÎLE Ŝirmilo",
    "e\u0301toile",
  ])("finds %s by its own title", async (title) => {
    await product({ title });
    for (const query of [title, title.normalize("NFD"), title.toLowerCase()]) {
      expect(titles((await search(query)).body)).toContain(title);
    }
    const suggested = await get(`/v1/search/suggestions?q=${encodeURIComponent(title.normalize("NFC").slice(0, -1))}`);
    expect(titles(suggested.body)).toContain(title);
  });

  it("finds the word that is still being typed", async () => {
    expect(titles((await search("ceramic tea")).body)).toEqual(["Ceramic Teapot"]);
  });

  it.each([
    ["necklase", "necklace"],
    ["ncklace", "necklace"],
    ["ceramci teapot", "ceramic teapot"],
    ["xeramic", "ceramic"],
  ])("takes %s for %s", async (typed, meant) => {
    const { body } = await search(typed);
    expect(body.corrected_query).toBe(meant);
    expect(body.items.length).toBeGreaterThan(0);
  });

  it("falls back to any of the words", async () => {
    const { body } = await search("silver spaceship");
    expect(titles(body)).toEqual(["Silver Necklace"]);
  });

  it("never shows what is not active, nor corrects towards it", async () => {
    expect(titles((await search("hidden")).body)).toEqual([]);
  });

  it.each([
    '"',
    '""',
    'necklace"',
    "NEAR(a b)",
    "a AND OR NOT",
    "title:necklace",
    "*",
    "^necklace",
    "-necklace",
    "(",
    "{a}:b",
    "a+b",
    "'; DROP TABLE products; --",
    "🎁",
    "😀".repeat(100),
    "\u0000",
    "\ud800",
    "%",
    "_",
    "‮necklace",
    "ﷺ".repeat(150),
    "a ".repeat(100),
  ])("answers %j without an error", async (query) => {
    const answer = await get(`/v1/products?q=${encodeURIComponent(query.toWellFormed())}`);
    expect(answer.status).toBe(200);
  });

  it("refuses a query of 10 kB and cursors that are not its own", async () => {
    expect(await search("a".repeat(10_000))).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    for (const cursor of ["x", "e30", btoa('{"r":-1}'), btoa('{"r":"1"}')]) {
      expect(await get(`/v1/products?cursor=${encodeURIComponent(cursor)}`)).toMatchObject({
        status: 400,
        body: { code: "invalid_cursor" },
      });
    }
    expect((await search("necklace", "&cursor=eyJyIjoxfQ")).body.code).toBe("invalid_cursor");
    expect((await get("/v1/products?limit=101")).status).toBe(400);
    expect((await get("/v1/products?currency=XXQ")).status).toBe(400);
  });
});

async function walk(path: string, between: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body }: { body: Json } = await get(`${path}&limit=7${cursor === "" ? "" : `&cursor=${cursor}`}`);
    seen.push(...body.items.map((item: { id: string }) => item.id));
    cursor = body.next_cursor;
    await between();
  }
  return seen;
}

describe("pages", () => {
  it("show every product once while others are added", async () => {
    const word = fresh("zebra").replaceAll("-", "");
    const made: string[] = [];
    for (let index = 0; index < 40; index++) made.push((await product({ title: `${word} ${"stripe ".repeat(index % 5)}` })).id);
    const insert = () => product({ title: `${word} later`, status: "active" });
    for (const path of [`/v1/products?q=${word}`, "/v1/products?x=1"]) {
      const seen = await walk(path, insert);
      expect(new Set(seen).size).toBe(seen.length);
      expect(made.filter((id) => !seen.includes(id))).toEqual([]);
    }
  });

  it("reach past the ranked head of a search", async () => {
    const word = fresh("quagga").replaceAll("-", "");
    const made: string[] = [];
    for (let index = 0; index < 215; index++) made.push((await product({ title: `${word} ${index}` })).id);
    const seen = await walk(`/v1/products?q=${word}`, async () => undefined);
    expect(seen.toSorted()).toEqual(made.toSorted());
  });
});
