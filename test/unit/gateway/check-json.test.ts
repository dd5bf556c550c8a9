/** What a JSON body may look like before anybody parses it. */
import { describe, expect, it } from "vitest";
import {
  checkJson,
  JSON_DEPTH_MAX,
  JSON_KEY_CHARACTERS_MAX,
  JSON_KEYS_MAX,
  JSON_LIST_ENTRIES_MAX,
  jsonFaultDetail,
} from "../../../workers/gateway/check-json.ts";

function verdict(body: string | Uint8Array): string {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const checked = checkJson(bytes.slice().buffer);
  return checked.ok ? "ok" : checked.error.code;
}

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const list = (entries: number) => `[${Array.from({ length: entries }, () => 1).join(",")}]`;
const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join(",")}}`;

describe("a JSON body", () => {
  it.each([
    ["depth", nested(JSON_DEPTH_MAX), nested(JSON_DEPTH_MAX + 1), "too_deep"],
    ["objects in objects", '{"a":'.repeat(JSON_DEPTH_MAX), '{"a":'.repeat(JSON_DEPTH_MAX + 1), "too_deep"],
    ["entries of a list", list(JSON_LIST_ENTRIES_MAX), list(JSON_LIST_ENTRIES_MAX + 1), "list_too_long"],
    ["keys of one object", keys(JSON_KEYS_MAX), keys(JSON_KEYS_MAX + 1), "too_many_keys"],
    [
      "keys of all objects together",
      `[${Array.from({ length: JSON_KEYS_MAX / 4 }, () => '{"a":1,"b":1,"c":1,"d":1}').join(",")}]`,
      `[{"z":1},${Array.from({ length: JSON_KEYS_MAX / 4 }, () => '{"a":1,"b":1,"c":1,"d":1}').join(",")}]`,
      "too_many_keys",
    ],
    [
      "characters of a key",
      `{"${"x".repeat(JSON_KEY_CHARACTERS_MAX - 1)}":1}`,
      `{"${"x".repeat(JSON_KEY_CHARACTERS_MAX)}":1}`,
      "key_too_long",
    ],
  ])("is bounded in %s, to the one", (_, fits, over, code) => {
    expect([verdict(fits), verdict(over)]).toEqual(["ok", code]);
  });

  it.each(['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"x":{"a":[{"b":1,"b":2}]}}', '{"a":{"c":1},"b":"\\"a\\":","a":2}'])(
    "may not say a key twice: %s",
    (body) => {
      expect(verdict(body)).toBe("duplicate_key");
    },
  );

  it.each(['{"__proto__":{"role":"admin"}}', '{"a":[{"__proto__":1}]}', '{"\\u005f_proto__":1}', '{"_\\u005Fproto\\u005f_":1}'])(
    "may not name the prototype, in any spelling: %s",
    (body) => {
      expect(verdict(body)).toBe("reserved_key");
    },
  );

  it.each([
    '{"a":"__proto__","b":["a","a","a"],"c":{"a":1},"d":{"a":1}}',
    '{"text":"[[[[{{{{ \\" , \\\\"}',
    '{"a":"\\\\","b":1}',
    ' [ 1 , { "a" : [ ] } ] ',
    '"text"',
    "null",
    "",
    '{"emoji":"💥","constructor":1,"toString":1}',
  ])("is taken as it is: %s", (body) => {
    expect(verdict(body)).toBe("ok");
  });

  it.each(["{", "]]]]", '"', '{"a', "{,,,}", '{"\\', '{"a\\u00":1}', "nul", "}{"])(
    "that is none is left to whoever parses it: %s",
    (body) => {
      expect(verdict(body)).toBe("ok");
    },
  );

  it("is UTF-8 without a byte order mark", () => {
    expect(verdict(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d))).toBe("not_utf8");
    expect(verdict(Uint8Array.of(0xed, 0xa0, 0x80))).toBe("not_utf8");
    expect(verdict("\ufeff{}")).toBe("byte_order_mark");
    expect(verdict(Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0))).toBe("not_utf8");
  });

  it("costs a moment, however it is made", () => {
    const mebibyte = 1_048_576;
    for (const unit of ["[", '"', "\\", '{"a":', ",", '"\\u0061', "{}", '["a",'] as const) {
      const body = unit.repeat(mebibyte / unit.length);
      const startedAt = performance.now();
      verdict(body);
      expect([unit, performance.now() - startedAt < 1_000]).toEqual([unit, true]);
    }
  });
});

it("tells each fault in a sentence", () => {
  for (const body of [nested(99), '{"a":1,"a":1}', "\ufeff", '{"__proto__":1}']) {
    const checked = checkJson(new TextEncoder().encode(body).slice().buffer);
    expect(checked.ok ? "" : jsonFaultDetail(checked.error)).toMatch(/^[A-Z].+\.$/);
  }
});
