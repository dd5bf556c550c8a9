/**
 * Looks at a JSON body once before anybody parses it: how deep, how many keys, how long its lists. A body that two parsers
 * could read differently (a key twice, `__proto__`, bytes that are no UTF-8) is refused too. It is no parser: what is not JSON
 * at all is told by the service that parses it. One pass, no recursion; memory is bounded by the limits. Pure.
 */
import { err, ok, type Result } from "../shared/result.ts";

export const JSON_DEPTH_MAX = 32;
/** Of all objects together. An import of products is an upload and not bound by this. */
export const JSON_KEYS_MAX = 20_000;
export const JSON_LIST_ENTRIES_MAX = 10_000;
export const JSON_KEY_CHARACTERS_MAX = 256;

export type JsonFault =
  | { readonly code: "not_utf8" | "byte_order_mark" | "duplicate_key" | "reserved_key" }
  | { readonly code: "too_deep" | "too_many_keys" | "list_too_long" | "key_too_long" };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** An object or list that is open at this place of the text. */
interface Level {
  /** Undefined in a list. */
  readonly keys: Set<string> | undefined;
  entries: number;
  expectsKey: boolean;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function checkJson(body: ArrayBuffer): Result<null, JsonFault> {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return err({ code: "not_utf8" });
  }
  if (text.startsWith("\ufeff")) return err({ code: "byte_order_mark" });
  const fault = new JsonScan(text).findFault();
  return fault === undefined ? ok(null) : err({ code: fault });
}

class JsonScan {
  readonly #text: string;
  readonly #levels: Level[] = [];
  #keys = 0;

  constructor(text: string) {
    this.#text = text;
  }

  findFault(): JsonFault["code"] | undefined {
    for (let at = 0; at < this.#text.length; at++) {
      const character = this.#text.charCodeAt(at);
      let fault: JsonFault["code"] | undefined;
      if (character === QUOTE) {
        const end = this.#endOfString(at);
        fault = this.#string(at, end);
        at = end;
      } else if (character === COMMA) fault = this.#next();
      else if (character === OPEN_OBJECT || character === OPEN_LIST) fault = this.#open(character === OPEN_OBJECT);
      else if (character === CLOSE_OBJECT || character === CLOSE_LIST) this.#levels.pop();
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** @returns where its closing quote is, or the end of a text that has none. */
  #endOfString(start: number): number {
    let at = start + 1;
    for (; at < this.#text.length; at++) {
      const character = this.#text.charCodeAt(at);
      if (character === BACKSLASH) at += 1;
      else if (character === QUOTE) return at;
    }
    return at;
  }

  #string(start: number, end: number): JsonFault["code"] | undefined {
    const level = this.#levels.at(-1);
    if (level?.keys === undefined || !level.expectsKey) return undefined;
    level.expectsKey = false;
    this.#keys += 1;
    if (this.#keys > JSON_KEYS_MAX) return "too_many_keys";
    if (end - start > JSON_KEY_CHARACTERS_MAX) return "key_too_long";
    const key = unescaped(this.#text.slice(start, end + 1));
    if (key === "__proto__") return "reserved_key";
    if (level.keys.has(key)) return "duplicate_key";
    level.keys.add(key);
    return undefined;
  }

  #next(): JsonFault["code"] | undefined {
    const level = this.#levels.at(-1);
    if (level === undefined) return undefined;
    level.expectsKey = level.keys !== undefined;
    level.entries += 1;
    return level.keys === undefined && level.entries >= JSON_LIST_ENTRIES_MAX ? "list_too_long" : undefined;
  }

  #open(isObject: boolean): JsonFault["code"] | undefined {
    if (this.#levels.length >= JSON_DEPTH_MAX) return "too_deep";
    this.#levels.push({ keys: isObject ? new Set() : undefined, entries: 0, expectsKey: isObject });
    return undefined;
  }
}

/** Another spelling is the same key: `"\u0061"` is `"a"`. What is no string stays as it is; nobody will parse it. */
function unescaped(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}

/** What the caller is told. */
export function jsonFaultDetail({ code }: JsonFault): string {
  switch (code) {
    case "not_utf8":
      return "The body is not UTF-8, which JSON is written in.";
    case "byte_order_mark":
      return "The body begins with a byte order mark. Send the JSON without it.";
    case "duplicate_key":
      return "An object of the body has the same key twice.";
    case "reserved_key":
      return "An object of the body has the key `__proto__`, which is no field of anything.";
    case "too_deep":
      return `The body is nested deeper than ${JSON_DEPTH_MAX} levels.`;
    case "too_many_keys":
      return `The body has more than ${JSON_KEYS_MAX} keys.`;
    case "list_too_long":
      return `A list of the body has more than ${JSON_LIST_ENTRIES_MAX} entries.`;
    case "key_too_long":
      return `A key of the body is longer than ${JSON_KEY_CHARACTERS_MAX} characters.`;
  }
}
