/** What the catalogue suggests for a search, as list entries of this shop. No DOM. */

export interface Suggestion {
  readonly title: string;
  readonly path: string;
  /** A small picture; null for categories and products without one. */
  readonly image: string | null;
  readonly category: boolean;
}

interface SuggestionAnswer {
  readonly items: readonly {
    readonly kind: "category" | "product";
    readonly title: string;
    readonly handle: string;
    readonly image: string | null;
  }[];
}

const THUMBNAIL_WIDTH = 160;

/** @param prefix of the page's language, `/de` or empty. */
export function suggestionsOf(answer: SuggestionAnswer, prefix: string): Suggestion[] {
  return answer.items.map(({ kind, title, handle, image }) => {
    const category = kind === "category";
    return {
      title,
      path: `${prefix}/${category ? "categories" : "products"}/${encodeURIComponent(handle)}`,
      image: image?.startsWith("/media/") === true ? `${image}?w=${THUMBNAIL_WIDTH}` : null,
      category,
    };
  });
}

/** Which entry is active after an arrow key; -1 is the field itself, between the last and the first. */
export function movedActive(active: number, count: number, step: 1 | -1): number {
  return ((active + 1 + step + count + 1) % (count + 1)) - 1;
}
