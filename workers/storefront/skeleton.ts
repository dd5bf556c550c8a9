/**
 * A rendered page with gaps for what belongs to one request: nonce, form token, the header's personal piece, a message,
 * and pieces that must be fresh. While it is rendered the gaps are marks of a random token, which no text of a shopper or
 * a product can contain. Pure.
 */
import { freshKey } from "./fresh-marks.ts";

const NAMES = ["nonce", "formToken", "personal", "flash"] as const;
type Name = (typeof NAMES)[number];

/** Stand in a page for what is filled in later; made of letters, digits, `_` and `-`, so that nothing escapes them. */
export type Marks = Readonly<Record<Name, string>>;

export type Slot = { readonly name: Name } | { readonly name: "fresh"; readonly key: string };

/** `texts[0]`, what fills `slots[0]`, `texts[1]` … and the last text. */
export interface Skeleton {
  readonly texts: readonly string[];
  readonly slots: readonly Slot[];
}

export interface SlotValues extends Readonly<Record<Name, string>> {
  /** By key; what is missing is left out. */
  readonly fresh: ReadonlyMap<string, string>;
}

/** @param token 32 random hex digits */
export function marksOf(token: string): Marks {
  return {
    nonce: `__${token}_nonce__`,
    formToken: `__${token}_formToken__`,
    personal: `__${token}_personal__`,
    flash: `__${token}_flash__`,
  };
}

export function cutSkeleton(html: string, token: string): Skeleton {
  const pieces = html.split(new RegExp(`__${token}_(${NAMES.join("|")}|fresh-[0-9a-f]*)__`));
  return {
    texts: pieces.filter((_, index) => index % 2 === 0),
    slots: pieces.filter((_, index) => index % 2 === 1).map(slotOf),
  };
}

function slotOf(mark: string): Slot {
  const name = NAMES.find((known) => known === mark);
  return name === undefined ? { name: "fresh", key: freshKey(mark.slice("fresh-".length)) } : { name };
}

export function hasSlot(skeleton: Skeleton, name: Name): boolean {
  return skeleton.slots.some((slot) => slot.name === name);
}

/** Each key once. */
export function freshKeys(skeleton: Skeleton): readonly string[] {
  return [...new Set(skeleton.slots.flatMap((slot) => (slot.name === "fresh" ? [slot.key] : [])))];
}

export function fillSkeleton(skeleton: Skeleton, values: SlotValues): string {
  let html = skeleton.texts[0] ?? "";
  for (const [index, slot] of skeleton.slots.entries()) {
    html += slot.name === "fresh" ? (values.fresh.get(slot.key) ?? "") : values[slot.name];
    html += skeleton.texts[index + 1] ?? "";
  }
  return html;
}
