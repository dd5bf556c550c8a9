import { describe, expect, it } from "vitest";
import { landingPage, landingUrl, paymentReturnUrl, returnUrlSchema } from "../../../workers/orders/payment-return.ts";

const allowed = returnUrlSchema(["https://shop.example", "http://localhost:8787"]);

describe("returning from the payment provider", () => {
  it.each(["https://shop.example/thanks?x=1", "http://localhost:8787/orders"])("goes on to %s", (url) => {
    expect(allowed.safeParse(url).success).toBe(true);
  });

  it.each([
    "https://evil.example/",
    "https://shop.example.evil.example/",
    "https://shop.example@evil.example/",
    "https://user:pass@shop.example/",
    "//shop.example/",
    "/thanks",
    "javascript:alert(1)",
    "https://shop.example:444/",
    "http://shop.example/",
  ])("does not go on to %s", (url) => {
    expect(allowed.safeParse(url).success).toBe(false);
  });

  it("keeps the placeholders that the partition fills in, and hides the shop's URL in one parameter", () => {
    const url = paymentReturnUrl("https://api.example/", "https://shop.example/thanks?a=1&b=2");
    expect(url).toBe(
      "https://api.example/v1/orders/{order_id}/payment-return?order_token={order_token}" +
        "&return_url=https%3A%2F%2Fshop.example%2Fthanks%3Fa%3D1%26b%3D2",
    );
  });

  it("tells the shop which order came back, next to its own parameters", () => {
    expect(landingUrl("https://shop.example/thanks?a=1", "ord_1", "placed")).toBe(
      "https://shop.example/thanks?a=1&order_id=ord_1&order_status=placed",
    );
  });

  it("says something true about every status", () => {
    expect(landingPage({ number: "N-7", status: "placed" })).toContain("N-7");
    expect(landingPage({ number: null, status: "awaiting_payment" })).toContain("being processed");
    expect(landingPage({ number: null, status: "failed" })).toContain("Nothing was charged");
  });
});
