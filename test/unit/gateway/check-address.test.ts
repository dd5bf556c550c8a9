/** Addresses and headers that nobody needs. */
import { describe, expect, it } from "vitest";
import { checkAddress } from "../../../workers/gateway/check-address.ts";
import { ProblemError } from "../../../workers/shared/problem.ts";

/** As it comes off the wire: a `Request` here would tidy it first. */
function outcome(pathAndQuery: string, headers: Record<string, string> = {}): string {
  try {
    checkAddress({ url: `https://shop.example${pathAndQuery}`, headers: new Headers(headers) });
    return "ok";
  } catch (error) {
    if (error instanceof ProblemError) return `${error.problem.status} ${error.problem.code}`;
    throw error;
  }
}

it.each([
  "/v1/admin/stock/A%2FB",
  "/v1/admin/stock/A%5CB",
  "/products/..hidden",
  "/products/a..b",
  "/products/caf%C3%A9?q=%00..%2f",
  "/.well-known/jwks.json",
  "/",
  `/v1/availability?${Array.from({ length: 100 }, (_, index) => `sku=SKU-${index}`).join("&")}`,
])("takes %s", (address) => {
  expect(outcome(address)).toBe("ok");
});

it.each([
  "/v1/../admin",
  "/v1/.",
  "/media/%2e%2e/secret",
  "/media/..%2f..%2fsecret",
  "/media/%2E%2E%5Csecret",
  "/media/a%2f..",
  "/v1/products/%00",
  "/v1/products/a%0d%0aset-cookie:x",
  "/v1/products/%7f",
  "/v1\\admin",
])("refuses %s", (address) => {
  expect(outcome(address)).toBe("400 invalid_request");
});

describe("lengths", () => {
  it("of path, query and credentials are bounded, to the one", () => {
    expect(outcome(`/${"a".repeat(2_047)}`)).toBe("ok");
    expect(outcome(`/${"a".repeat(2_048)}`)).toBe("414 address_too_long");
    expect(outcome(`/?${"a".repeat(8_192)}`)).toBe("ok");
    expect(outcome(`/?${"a".repeat(8_193)}`)).toBe("414 address_too_long");
    expect(outcome(`/?${"a&".repeat(255)}`)).toBe("ok");
    expect(outcome(`/?${"a&".repeat(256)}`)).toBe("400 invalid_request");
    expect(outcome("/", { cookie: "a".repeat(16_384) })).toBe("ok");
    for (const name of ["cookie", "authorization", "cart-token", "order-token", "if-none-match"])
      expect(outcome("/", { [name]: "a".repeat(16_385) })).toBe("431 header_too_large");
  });
});
