/** Which texts are addresses, and which addresses are one. */
import { describe, expect, it } from "vitest";
import { parseEmailAddress } from "../../../workers/identity/email-address.ts";

function normalized(text: string): string | undefined {
  return parseEmailAddress(text)?.normalized;
}

describe("an e-mail address", () => {
  it("keeps what was written and compares by its lower-case form", () => {
    expect(parseEmailAddress("  Ada.Lovelace+shop@Example.COM ")).toEqual({
      original: "Ada.Lovelace+shop@Example.COM",
      normalized: "ada.lovelace+shop@example.com",
    });
  });

  it.each([
    ["composed and decomposed accents", "rené@example.com", "rene\u0301@example.com"],
    ["a domain in Unicode and in ASCII", "a@bücher.example", "a@xn--bcher-kva.example"],
    ["the Kelvin sign and K, which Unicode calls equal", "miKe@example.com", "mi\u212ae@example.com"],
  ])("is one address for %s", (_, left, right) => {
    expect(normalized(left)).toBeDefined();
    expect(normalized(left)).toBe(normalized(right));
  });

  it.each([
    ["look-alike letters", "ada@example.com", "аda@example.com"],
    ["the dotless i", "ali@example.com", "alı@example.com"],
    ["dots and tags", "ada.l@example.com", "adal@example.com"],
  ])("is another address for %s", (_, left, right) => {
    expect(normalized(left)).not.toBe(normalized(right));
  });

  it.each([
    "",
    "@",
    "ada",
    "@example.com",
    "ada@",
    "ada@localhost",
    "ada@127.0.0.1",
    "ada@[127.0.0.1]",
    "ada@example.com:25",
    "ada@example.com/path",
    "ada@exa mple.com",
    "ada@example..com",
    "ada@-example.com",
    "ada@example.c",
    ".ada@example.com",
    "ada.@example.com",
    "a..da@example.com",
    "ada lovelace@example.com",
    "ada@lovelace@example.com",
    '"ada"@example.com',
    "ada@example.com\r\nBcc: all@example.com",
    "ada\u0000@example.com",
    "ada\u202e@example.com",
    "Ada <ada@example.com>",
    "ada@example.com,eve@example.com",
    `${"a".repeat(65)}@example.com`,
    `ada@${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(63)}.com`,
  ])("is not %j", (text) => {
    expect(parseEmailAddress(text)).toBeUndefined();
  });

  it("is decided in linear time", () => {
    const start = performance.now();
    parseEmailAddress(`${"a.".repeat(200_000)}@${"a-".repeat(200_000)}`);
    parseEmailAddress("@".repeat(400_000));
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
