/** The tree of categories: order, sums and pictures, also where two changes at once closed a loop. */
import { describe, expect, it } from "vitest";
import { titleKey } from "../../../durable-objects/import-run/title-key.ts";
import {
  ancestorsOf,
  type CategoryNode,
  categoryTree,
  pictureOf,
  rolledUp,
  withDescendants,
} from "../../../workers/catalog/category-tree.ts";

function node(id: string, parentId: string | null, more: Partial<CategoryNode> = {}): CategoryNode {
  return { id, handle: id, title: id, description: "", parentId, position: 0, image: null, productImage: null, ...more };
}

const ids = (nodes: readonly CategoryNode[]) => nodes.map(({ id }) => id);

describe("the category tree", () => {
  const tree = categoryTree([
    node("z", null, { position: 1 }),
    node("a", null, { position: 2 }),
    node("a2", "a", { position: 1, productImage: "/a2.webp" }),
    node("a1", "a", { position: 1 }),
    node("deep", "a1", { image: "/deep.webp" }),
  ]);

  it("is ordered by position, then handle", () => {
    expect(ids(tree.ordered)).toEqual(["deep", "a1", "a2", "z", "a"].sort((x, y) => place(x) - place(y) || (x < y ? -1 : 1)));
    expect(ids(tree.children.get("a") ?? [])).toEqual(["a1", "a2"]);
  });

  const place = (id: string) => tree.byId.get(id)?.position ?? 0;

  it("knows the way up and everything below", () => {
    expect(ids(ancestorsOf(tree, "deep"))).toEqual(["a", "a1"]);
    expect(ids(withDescendants(tree, "a"))).toEqual(["a", "a1", "deep", "a2"]);
    expect(withDescendants(tree, "unknown")).toEqual([]);
  });

  it("adds what each has to everything above it", () => {
    const sums = rolledUp(
      tree,
      new Map([
        ["deep", 2],
        ["a2", 3],
        ["z", 1],
        ["gone", 7],
      ]),
    );
    expect(Object.fromEntries(sums)).toMatchObject({ deep: 2, a1: 2, a2: 3, a: 5, z: 1 });
  });

  it("shows the nearest picture", () => {
    const pictures = tree.ordered.map((entry) => [entry.id, pictureOf(tree, entry)]);
    expect(Object.fromEntries(pictures)).toEqual({
      a: "/deep.webp",
      a1: "/deep.webp",
      a2: "/a2.webp",
      deep: "/deep.webp",
      z: null,
    });
  });

  it("ends although categories are above each other", () => {
    const loop = categoryTree([node("x", "y"), node("y", "x")]);
    expect(ids(withDescendants(loop, "x"))).toEqual(["x", "y"]);
    expect(ids(ancestorsOf(loop, "x"))).toEqual(["y"]);
    expect(Object.fromEntries(rolledUp(loop, new Map([["x", 1]])))).toEqual({ x: 1, y: 1 });
    expect(pictureOf(loop, node("x", "y"))).toBeNull();
  });
});

describe("the key of a title", () => {
  it("puts titles where people look for them", () => {
    const titles = ["Zebra", "apple", "Äpfel", "Straße", "strand", "élan", "Ebony"];
    const sorted = titles.toSorted((a, b) => (titleKey(a) < titleKey(b) ? -1 : 1));
    expect(sorted).toEqual(["Äpfel", "apple", "Ebony", "élan", "strand", "Straße", "Zebra"]);
  });

  it("never cuts a character in half", () => {
    expect(titleKey("😀".repeat(200)).isWellFormed()).toBe(true);
  });
});
