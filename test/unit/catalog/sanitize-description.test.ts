/** Whatever goes in, only fixed tags without attributes come out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { descriptionText, sanitizeDescription } from "../../../durable-objects/import-run/sanitize-description.ts";

const SAFE =
  /^(?:[^<>]|<\/?(?:p|br|hr|b|strong|i|em|u|s|small|sub|sup|ul|ol|li|dl|dt|dd|h[2-6]|blockquote|pre|code|table|thead|tbody|tr|th|td)>)*$/;

describe("a description", () => {
  it("keeps its text and simple tags", () => {
    expect(sanitizeDescription('<H1 class="x">Tea &amp; "cake"</H1><p>5 < 6<br/>ok')).toBe(
      '<h2>Tea &amp; "cake"</h2><p>5 &lt; 6<br>ok</p>',
    );
  });

  it.each([
    "<script>alert(1)</script>",
    "<scr<script>x</script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<p onmouseover='alert(1)' style=\"x\">hi",
    '<a href="javascript:alert(1)">x</a>',
    "<svg><script>x</script></svg>",
    "<!-- --><iframe src=//evil>",
    "<p title='>'><b>",
    "</p></div><p",
  ])("has nothing left that runs in %j", (html) => {
    const safe = sanitizeDescription(html);
    expect(safe).toMatch(SAFE);
    expect(safe).not.toMatch(/<[^>]*(?:on|href|src|style)/i);
  });

  it("is safe for any soup of tags, and stays what it is the second time", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "<p>",
      "</p>",
      "<b>",
      "</b>",
      "<script>",
      "</script>",
      "<!--",
      "-->",
      "&",
      "&lt;",
      '"',
      "'",
      "x",
      " on=1",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const safe = sanitizeDescription(pieces.join(""));
        expect(safe).toMatch(SAFE);
        expect(sanitizeDescription(safe)).toBe(safe);
        expect(descriptionText(safe)).not.toMatch(/[<>]/);
      }),
      { numRuns: 2_000 },
    );
  });
});
