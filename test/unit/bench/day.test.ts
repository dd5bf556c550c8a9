/** The days of invoices that the bench sells. */
import { describe, expect, it } from "vitest";
import { busiestDay } from "../../../bench/busiest-day.ts";
import { median } from "../../../bench/figure.ts";
import { BUSY_DAY, syntheticDay } from "../../../bench/synthetic-day.ts";
import { groupInvoices } from "../../../scripts/replay/read-invoices.ts";

describe("a made-up day", () => {
  const { invoices, refused } = groupInvoices(syntheticDay(BUSY_DAY));
  const sizes = invoices.map(({ lines }) => lines.length).sort((left, right) => left - right);

  it("is the same for the same seed and another for another", () => {
    expect(syntheticDay(BUSY_DAY)).toEqual(syntheticDay(BUSY_DAY));
    expect(syntheticDay({ ...BUSY_DAY, seed: 2 })).not.toEqual(syntheticDay(BUSY_DAY));
  });

  it("is read as a real one is: every sale can be sold, returns and postage are left out with their reason", () => {
    expect(invoices).toHaveLength(BUSY_DAY.invoices);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(["credit_note", "not_a_product"]));
  });

  it("has a long tail of lines and a few SKUs that many want", () => {
    expect(median(sizes)).toBeGreaterThan(8);
    expect(median(sizes)).toBeLessThan(22);
    expect(sizes.at(-1)).toBeGreaterThan(8 * median(sizes));
    const buyers = Object.values(
      Object.groupBy(
        invoices.flatMap(({ lines }) => lines),
        ({ stockCode }) => stockCode,
      ),
    ).map((of) => of?.length ?? 0);
    expect(Math.max(...buyers)).toBeGreaterThan(8);
    expect(median(buyers)).toBeLessThan(3);
  });
});

describe("the busiest day of a file", () => {
  const row = (invoice: string, at: string) => [invoice, "20000", "A", "1", at, "1.00", "", "United Kingdom"];

  it("has the most invoices to sell, not the most lines or returns", () => {
    const long = ["08", "09", "10"].map((hour) => row("1", `2010-12-01T${hour}:00:00Z`));
    const busy = [row("2", "2010-12-02T08:00:00Z"), row("3", "2010-12-02T09:00:00Z")];
    const returns = ["C4", "C5", "C6"].map((number) => row(number, "2010-12-03T08:00:00Z"));
    const { date, invoices } = busiestDay([...long, ...busy, ...returns]);
    expect(date).toBe("2010-12-02");
    expect(invoices.map(({ number }) => number)).toEqual(["2", "3"]);
  });

  it("does not exist in an empty one", () => {
    expect(() => busiestDay([])).toThrow("no day");
  });
});
