/** Handles made from titles: `Ceramic Mug, 2 pcs` → `ceramic-mug-2-pcs`. Pure. */

const SLUG_LENGTH_MAX = 120;

/** Empty when the text has no letter or digit. */
export function slugOf(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .slice(0, SLUG_LENGTH_MAX)
    .replace(/^-+|-+$/g, "");
}
