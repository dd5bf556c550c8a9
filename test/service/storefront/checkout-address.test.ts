import { describe, expect, it } from "vitest";
import { addressFormat, CHECKOUT_COUNTRIES, postalCodeIn } from "../../../workers/storefront/pages/checkout/address-formats.ts";
import { checkAddress, emailIn, type TypedAddress } from "../../../workers/storefront/pages/checkout/check-address.ts";
import { regionValue } from "../../../workers/storefront/pages/checkout/regions.ts";

const GB: TypedAddress = {
  name: "Ada Lovelace",
  line1: "12 Harbour Street",
  line2: "",
  city: "Whitby",
  region: "",
  postal_code: "yo224de",
  country: "GB",
  phone: "",
};

describe("postal codes", () => {
  it.each(CHECKOUT_COUNTRIES)("take their own example in %s, with and without its separator", (country) => {
    const format = addressFormat(country);
    const { example } = format.postalCode;
    expect(postalCodeIn(format, example)).toBe(example);
    expect(postalCodeIn(format, ` ${example.toLowerCase().replaceAll(/[ -]/g, "")} `)).toBe(example);
    expect(postalCodeIn(format, "")).toBeUndefined();
    expect(postalCodeIn(format, example.repeat(3))).toBeUndefined();
  });

  it.each([
    ["JP", "１５０ー０００１", "150-0001"],
    ["JP", "〒150-0001", "150-0001"],
    ["GB", "m11ae", "M1 1AE"],
    ["US", "941071234", "94107-1234"],
    ["US", "94107", "94107"],
    ["NL", "1012js", "1012 JS"],
  ])("are written as %s writes them: %s", (country, typed, written) => {
    expect(postalCodeIn(addressFormat(country), typed)).toBe(written);
  });

  it.each([
    ["GB", "10115"],
    ["DE", "SW1A 1AA"],
    ["US", "9410"],
    ["JP", "1500"],
  ])("of %s are not %s", (country, typed) => {
    expect(postalCodeIn(addressFormat(country), typed)).toBeUndefined();
  });
});

describe("an address", () => {
  it("is sent on tidily, without what was left empty", () => {
    expect(checkAddress({ ...GB, name: "  Ada \n Lovelace\u0000 " }, "en")).toEqual({
      faults: {},
      address: { name: "Ada Lovelace", line1: "12 Harbour Street", city: "Whitby", postal_code: "YO22 4DE", country: "GB" },
    });
  });

  it("names every field that is missing, wrong or too long", () => {
    const typed = { ...GB, name: " ", line1: "x".repeat(201), postal_code: "12345", phone: "call me" };
    expect(checkAddress(typed, "en")).toEqual({
      faults: { name: "required", line1: "too_long", postal_code: "invalid", phone: "invalid" },
      address: null,
    });
  });

  it("needs a state of the United States, and none of Britain", () => {
    const american = { ...GB, country: "US", postal_code: "94107" };
    expect(checkAddress(american, "en").faults).toEqual({ region: "required" });
    expect(checkAddress({ ...american, region: "Bavaria" }, "en").faults).toEqual({ region: "invalid" });
    expect(checkAddress({ ...american, region: "California" }, "en").address?.region).toBe("CA");
    expect(checkAddress({ ...GB, region: "left over from another country" }, "en").address).not.toHaveProperty("region");
  });

  it("refuses a country that the checkout does not offer", () => {
    expect(checkAddress({ ...GB, country: "" }, "en").faults.country).toBe("required");
    expect(checkAddress({ ...GB, country: "XX" }, "en").faults.country).toBe("invalid");
    expect(checkAddress({ ...GB, country: "__proto__" }, "en").faults.country).toBe("invalid");
  });
});

it("writes a Japanese prefecture in the page's language, however it was saved", () => {
  const { regions } = addressFormat("JP");
  expect(regions).toHaveLength(47);
  expect([regionValue(regions, "Tokyo", "ja"), regionValue(regions, "東京都", "en")]).toEqual(["東京都", "Tokyo"]);
  expect(regionValue(regions, "Bavaria", "ja")).toBeUndefined();
});

it.each(["", "ada", "ada@shop", "a b@shop.example", `${"x".repeat(250)}@shop.example`])(
  "takes no %j for an e-mail address",
  (typed) => {
    expect(emailIn(typed)).toBeUndefined();
  },
);
