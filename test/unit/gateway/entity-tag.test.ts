/** Conditional requests by the rules of RFC 9110. */
import { expect, it } from "vitest";
import { namesEntityTag } from "../../../workers/shared/entity-tag.ts";

it.each([
  ['"a"', '"a"', true],
  ['W/"a"', '"a"', true],
  ['"a"', 'W/"a"', true],
  ['"x", W/"a" ', '"a"', true],
  ["*", '"a"', true],
  ['"b"', '"a"', false],
  ["a", '"a"', false],
  ["", '"a"', false],
  [null, '"a"', false],
  [undefined, '"a"', false],
])("if-none-match %s names %s: %s", (header, etag, named) => {
  expect(namesEntityTag(header, etag)).toBe(named);
});
