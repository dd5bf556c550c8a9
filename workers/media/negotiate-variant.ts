/** Which variant a request asks for: one of few widths, one of three formats, so that each is made once. Pure. */

/** Steps that `srcset` can use: thumbnails, cards, product pages, wide heroes, each also for dense screens. */
export const WIDTHS = [160, 320, 640, 960, 1280] as const;
export type Width = (typeof WIDTHS)[number];
const WIDTH_MAX: Width = 1280;

export type Format = "avif" | "webp" | "jpeg";

export interface Variant {
  readonly width: Width;
  readonly format: Format;
}

/** The smallest width that is enough; wider than the widest gets the widest, none asked gets the widest too. */
export function widthFor(asked: number | undefined): Width {
  return WIDTHS.find((width) => asked !== undefined && width >= asked) ?? WIDTH_MAX;
}

export interface Formats {
  /** What the client gets best. */
  readonly best: Format;
  /** What is made quickly, for as long as the best has not been made; null when nothing else will do. */
  readonly meanwhile: Format | null;
}

/**
 * The best format that the client names, or JPEG: that it takes any type is no sign that it can show more, since mail
 * programs and link previews say so too. AVIF takes long to make, so that WebP stands in for it where the client has both.
 */
export function formatsFor(accept: string | null, width: Width, avifWidthMax: number): Formats {
  const webp = accepts(accept, "image/webp");
  if (width <= avifWidthMax && accepts(accept, "image/avif")) return { best: "avif", meanwhile: webp ? "webp" : null };
  return { best: webp ? "webp" : "jpeg", meanwhile: null };
}

/** Named, and not with `q=0`. Source: RFC 9110 §12.5.1 */
function accepts(accept: string | null, type: string): boolean {
  return (accept ?? "").split(",").some((entry) => {
    const [name, ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    return name === type && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}
