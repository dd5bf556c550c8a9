/** Dates and country names for shoppers: right where they are, and never an error for what a network or a row names. */
import { describe, expect, it } from "vitest";
import { countryName, sortedCountries } from "../../../workers/storefront/country-names.ts";
import { formatDate, formatTime } from "../../../workers/storefront/format-date.ts";

const market = { country: "GB", currency: "GBP", taxIncluded: true };
const AT = "2026-11-21T23:30:00Z";

function page(timezone?: string) {
  return { locale: "en" as const, market, ...(timezone === undefined ? {} : { cf: { timezone } }) } as Parameters<
    typeof formatDate
  >[0];
}

describe("a date", () => {
  it("is the shopper's own day where the network knows the zone", () => {
    expect(formatDate(page("Asia/Tokyo"), AT)).toBe("22 November 2026");
    expect(formatDate(page(), AT)).toBe("21 November 2026");
  });

  it("says the zone only where it is not the shopper's", () => {
    expect(formatTime(page("Asia/Tokyo"), AT)).toContain("08:30");
    expect(formatTime(page("Asia/Tokyo"), AT)).not.toContain("UTC");
    expect(formatTime(page(), AT)).toContain("23:30 UTC");
  });

  it("is told in UTC when the network names a zone that does not exist", () => {
    expect(formatDate(page("Mars/Olympus"), AT)).toBe("21 November 2026");
    expect(formatTime(page("Mars/Olympus"), AT)).toContain("23:30 UTC");
  });
});

describe("a country", () => {
  it("is named in the page's language, and stays a code when it is none", () => {
    expect(countryName({ locale: "de" }, "DE")).toBe("Deutschland");
    expect(countryName({ locale: "en" }, "ZZZ")).toBe("ZZZ");
    expect(countryName({ locale: "en" }, "")).toBe("");
  });

  it("stands in the order of the language", () => {
    expect(sortedCountries({ locale: "de" }, ["ES", "AT", "DE"]).map(({ name }) => name)).toEqual([
      "Deutschland",
      "Österreich",
      "Spanien",
    ]);
  });
});
