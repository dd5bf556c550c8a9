/** Category pages: a tree in the operators' order, with counts, pictures and the way back up; and handles for sitemaps. */
import { beforeAll, describe, expect, it } from "vitest";
import { admin, catalog, fresh, get, inventory, type Json, product } from "./client.ts";

async function category(title: string, rest: object = {}): Promise<string> {
  const handle = fresh("cat");
  const made = await admin("POST", "/v1/admin/categories", { title, handle, ...rest });
  expect([made.status, made.body.handle]).toEqual([201, handle]);
  return handle;
}

let [top, middle, below, beside]: string[] = [];

beforeAll(async () => {
  await inventory.reset();
  top = await category("Top", { position: 7, description: "Everything <b>plain</b>" });
  middle = await category("Middle", { parent: top, position: 2 });
  beside = await category("Beside", { parent: top, position: 1, image: "/beside.webp" });
  below = await category("Below", { parent: middle });
  await product({ category: below, media: [{ url: "/old.webp" }] });
  await product({ category: below, media: [{ url: "/new.webp" }] });
  await product({ category: beside, media: [{ url: "/other.webp" }] });
  await product({ category: beside, status: "draft" });
});

describe("a category", () => {
  it("says where it is, what is in it, and shows a picture", async () => {
    expect((await get(`/v1/categories/${middle}`)).body).toEqual({
      id: expect.stringMatching(/^cat_/),
      handle: middle,
      title: "Middle",
      description: "",
      parent: top,
      image: "/new.webp",
      position: 2,
      product_count: 2,
      ancestors: [{ handle: top, title: "Top" }],
      children: [expect.objectContaining({ handle: below, product_count: 2 })],
    });
  });

  it("lists its children in their order and counts everything below it, in the currency asked for", async () => {
    const { body } = await get(`/v1/categories/${top}`);
    expect(body.children.map((child: Json) => child.handle)).toEqual([beside, middle]);
    expect([body.product_count, body.description, body.children[0].image]).toEqual([
      3,
      "Everything <b>plain</b>",
      "/beside.webp",
    ]);
    expect((await get(`/v1/categories/${top}?currency=EUR`)).body.product_count).toBe(0);
  });

  it("moves, and is seen at its new place at once", async () => {
    const moving = await category("Moving", { position: 5 });
    const changed = await admin("PATCH", `/v1/admin/categories/${moving}`, { parent: below, position: 0, image: "/m.webp" });
    expect(changed.body).toMatchObject({ parent: below, position: 0, image: "/m.webp", title: "Moving" });
    expect((await get(`/v1/categories/${moving}`)).body.ancestors.map((node: Json) => node.handle)).toEqual([top, middle, below]);
    expect((await admin("PATCH", `/v1/admin/categories/${moving}`, { title: "Moved" })).body).toMatchObject({
      image: "/m.webp",
      parent: below,
    });
  });

  it.each(["none", "a".repeat(255), "%E2%98%83x".repeat(3)])("%s is not found or refused, never an error", async (handle) => {
    expect([400, 404]).toContain((await get(`/v1/categories/${handle}`)).status);
  });

  it.each([
    ["a position of -1", { position: -1 }],
    ["half a position", { position: 0.5 }],
    ["a position of 10,001", { position: 10_001 }],
    ["a script as picture", { image: "javascript:alert(1)" }],
    ["a novel as description", { description: "x".repeat(2_001) }],
    ["its own count", { product_count: 5 }],
  ])("is refused with %s", async (_, body) => {
    expect((await admin("POST", "/v1/admin/categories", { title: "X", handle: fresh("c"), ...body })).status).toBe(422);
    expect((await admin("PATCH", `/v1/admin/categories/${top}`, body)).status).toBe(422);
  });
});

describe("the list of categories", () => {
  it("comes in pages, by position, then handle", async () => {
    const all = (await get("/v1/categories?limit=100")).body.items;
    const places = all.map((item: Json) => [item.position, item.handle]);
    expect(places).toEqual(places.toSorted((a: Json, b: Json) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)));
    const paged: Json[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body }: { body: Json } = await get(`/v1/categories?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      paged.push(...body.items);
      cursor = body.next_cursor;
    }
    expect(paged).toEqual(all);
    expect((await get("/v1/categories?cursor=e30")).body.code).toBe("invalid_cursor");
  });
});

describe("handles for a sitemap", () => {
  it("are those of every active product, in pages, with the time of their last change", async () => {
    const draft = await product({ status: "draft" });
    const made = await product();
    const paged: { handle: string; updatedAtMs: number }[] = [];
    for (let after = ""; ; ) {
      const page = await catalog.listHandles(after, 2);
      paged.push(...page);
      if (page.length < 2) break;
      after = page.at(-1)?.handle ?? "";
    }
    const handles = paged.map(({ handle }) => handle);
    expect(handles).toEqual([...new Set(handles)].sort());
    expect([handles.includes(made.handle), handles.includes(draft.handle)]).toEqual([true, false]);
    expect(paged.find(({ handle }) => handle === made.handle)?.updatedAtMs).toBe(Date.parse(made.updated_at));
    const tooMany = async () => await catalog.listHandles("", 5_001);
    await expect(tooMany()).rejects.toThrow();
  });
});
