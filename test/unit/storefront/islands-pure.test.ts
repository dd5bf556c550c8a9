/** The countdown's words, and the list of suggestions. */
import { describe, expect, it } from "vitest";
import { minutesToSay, remainingTime } from "../../../workers/storefront/islands/remaining-time.ts";
import { movedActive, suggestionsOf } from "../../../workers/storefront/islands/suggestions.ts";

const minutes = (n: number) => n * 60_000;

describe("a countdown", () => {
  it.each([
    [minutes(14) + 5_000, "14:05"],
    [60_000, "1:00"],
    [59_001, "1:00"],
    [1, "0:01"],
    [0, "0:00"],
    [-5_000, "0:00"],
    [minutes(75), "75:00"],
  ])("of %i ms reads %s", (ms, text) => {
    expect(remainingTime(ms)).toBe(text);
  });

  it("is said aloud when it passes 10, 5, 2 and 1 minutes, and never twice", () => {
    const said: number[] = [];
    for (let ms = minutes(15); ms > 0; ms -= 1_000) {
      const now = minutesToSay(ms, ms - 1_000);
      if (now !== undefined) said.push(now);
    }
    expect(said).toEqual([10, 5, 2, 1]);
  });

  it("says only the last of the minutes that passed while the page slept", () => {
    expect(minutesToSay(minutes(12), minutes(1.5))).toBe(2);
  });
});

describe("suggestions", () => {
  const answer = {
    items: [
      { kind: "category", title: "Rainwear", handle: "rainwear", image: null },
      { kind: "product", title: "Skerry & Co", handle: "skerry jacket", image: "/media/products/skerry.webp" },
      { kind: "product", title: "Elsewhere", handle: "elsewhere", image: "https://elsewhere.example/x.png" },
    ],
  } as const;

  it("lead to the pages of the language, with small pictures of ours", () => {
    expect(suggestionsOf(answer, "/de")).toEqual([
      { title: "Rainwear", path: "/de/categories/rainwear", image: null, category: true },
      { title: "Skerry & Co", path: "/de/products/skerry%20jacket", image: "/media/products/skerry.webp?w=160", category: false },
      { title: "Elsewhere", path: "/de/products/elsewhere", image: null, category: false },
    ]);
  });

  it("are walked in a ring that passes through the field", () => {
    const down = [0, 1, 2, 3].reduce<number[]>((walk) => [...walk, movedActive(walk.at(-1) ?? -1, 3, 1)], []);
    expect(down).toEqual([0, 1, 2, -1]);
    expect(movedActive(-1, 3, -1)).toBe(2);
    expect(movedActive(0, 3, -1)).toBe(-1);
  });
});
