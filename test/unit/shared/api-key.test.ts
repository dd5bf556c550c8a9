/** The form of API keys, and that one wrong letter is noticed. */
import { describe, expect, it } from "vitest";
import { isApiKey, newApiKey } from "../../../workers/shared/api-key.ts";

describe("an API key", () => {
  it("is one word that a secret scanner can find, and never the same twice", () => {
    const keys = Array.from({ length: 500 }, newApiKey);
    for (const key of keys) expect(key).toMatch(/^hf_live_[0-9A-Za-z]{38}$/);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every(isApiKey)).toBe(true);
  });

  it("uses every character of its alphabet alike", () => {
    const counts = new Map<string, number>();
    const random = Array.from({ length: 2_000 }, () => newApiKey().slice(8, 40)).join("");
    for (const character of random) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect(counts.size).toBe(62);
    const usual = random.length / 62;
    for (const count of counts.values()) expect(Math.abs(count - usual)).toBeLessThan(usual * 0.25);
  });

  it("with one wrong, swapped, missing or added character is none", () => {
    const key = newApiKey();
    for (let index = 8; index < key.length; index++) {
      const other = key[index] === "0" ? "1" : "0";
      expect(isApiKey(key.slice(0, index) + other + key.slice(index + 1))).toBe(false);
      expect(isApiKey(key.slice(0, index) + key.slice(index + 1))).toBe(false);
    }
    for (const text of [
      "",
      "hf_live_",
      `${key} `,
      ` ${key}`,
      `${key}\n`,
      key.replace("live", "test"),
      `hf_live_${"0".repeat(38)}`,
    ])
      expect(isApiKey(text)).toBe(false);
  });
});
