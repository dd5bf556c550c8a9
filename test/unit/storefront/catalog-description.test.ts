import { describe, expect, it } from "vitest";
import { sanitizeDescription } from "../../../durable-objects/import-run/sanitize-description.ts";
import { isSafeDescription, nestHeadings, plainDescription } from "../../../workers/storefront/pages/catalog/safe-description.ts";

describe("descriptions on a product page", () => {
  it("takes what the importer's sanitiser makes", () => {
    const html = sanitizeDescription(
      `<h1 onclick="x()">Fit</h1><p>Runs <b>small</b> & long &lt;3</p><ul><li>Wool<script>alert(1)</script></ul><img src=x onerror=y>`,
    );
    expect(isSafeDescription(html)).toBe(true);
  });

  it.each([
    "<script>alert(1)</script>",
    '<p class="x">a</p>',
    "<img src=x>",
    "<scr<p>ipt>",
    "<<p>script>",
    "a < b",
    "</p x>",
    "<P>",
  ])("refuses to trust %j", (html) => {
    expect(isSafeDescription(html)).toBe(false);
  });

  it("moves headings below the page's own, without a gap between levels", () => {
    expect(nestHeadings("<h2>A</h2><h5>B</h5><p>h2</p>")).toBe("<h3>A</h3><h4>B</h4><p>h2</p>");
    expect(nestHeadings("<h4>A</h4>")).toBe("<h3>A</h3>");
  });

  it("says the words alone, decoded and cut at a word", () => {
    expect(plainDescription("<p>Wool &amp; wind&#8209;proof</p><p>Made&nbsp;to last.</p>", 160)).toBe(
      "Wool & wind‑proof Made to last.",
    );
    expect(plainDescription("<p>one two three four</p>", 14)).toBe("one two three…");
    expect(plainDescription("&#99999999; &bogus; &#x1F9E5;", 40)).toBe("&#99999999; &bogus; 🧥");
  });
});
