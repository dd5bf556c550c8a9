/** The way back after a form never leads to another site. */
import { describe, expect, it } from "vitest";
import { carriedReturn, returnAddress, returnQuery } from "../../../workers/storefront/pages/account/return-address.ts";
import { safeReturnPath } from "../../../workers/storefront/return-path.ts";

describe("a return path", () => {
  it.each([
    ["/checkout", "/checkout"],
    ["/de/account/orders?cursor=x%2Fy", "/de/account/orders?cursor=x%2Fy"],
    ["/search?q=https://other.example", "/search?q=https://other.example"],
    ["/a/../cart", "/cart"],
    ["/cart#top", "/cart"],
  ])("%s leads to %s", (text, path) => {
    expect(safeReturnPath(text)).toBe(path);
  });

  it.each([
    "https://other.example/",
    "//other.example/",
    "///other.example",
    "/\\other.example",
    "\\\\other.example",
    "/.//other.example",
    "/x/..//other.example",
    "/\t/other.example",
    "/\n/other.example",
    "javascript:alert(1)",
    "checkout",
    "",
    `/${"x".repeat(9_000)}`,
    undefined,
    ["/cart"],
  ])("%j leads to the start", (wanted) => {
    expect(safeReturnPath(wanted)).toBe("/");
  });
});

describe("after signing in", () => {
  it("goes on in the language of the sign-in page", () => {
    expect(returnAddress({ locale: "ja" }, "/de/checkout?x=1")).toBe("/ja/checkout?x=1");
    expect(returnAddress({ locale: "de" }, "/checkout")).toBe("/de/checkout");
    expect(returnAddress({ locale: "en" }, "/de/checkout")).toBe("/checkout");
  });

  it("shows the account when nothing, or another site, was asked for", () => {
    expect(returnAddress({ locale: "de" }, undefined)).toBe("/de/account");
    expect(returnAddress({ locale: "en" }, "//other.example")).toBe("/account");
    expect(returnQuery(carriedReturn("//other.example"))).toBe("");
    expect(returnQuery(carriedReturn("/checkout?a=1"))).toBe("?return_to=%2Fcheckout%3Fa%3D1");
  });
});
