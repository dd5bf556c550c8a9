/**
 * The catalogue promises descriptions of a fixed set of tags without attributes. This checks the promise again right
 * before the text becomes part of a page: anything else is shown as plain text. Pure.
 */

const TAGS =
  "p|br|hr|b|strong|i|em|u|s|small|sub|sup|ul|ol|li|dl|dt|dd|h2|h3|h4|h5|h6|blockquote|pre|code|table|thead|tbody|tr|th|td";
const ALLOWED_TAG = new RegExp(`</?(?:${TAGS})>`, "g");

/** True when every angle bracket belongs to an allowed tag without attributes. */
export function isSafeDescription(html: string): boolean {
  return !/[<>]/.test(html.replace(ALLOWED_TAG, ""));
}

/** Section headings of a page are `h2`: those inside a description move below them, in steps of one. */
export function nestHeadings(html: string): string {
  const levels = [...new Set([...html.matchAll(/<h([2-6])>/g)].map((match) => Number(match[1])))].sort();
  return html.replace(/<(\/?)h([2-6])>/g, (_, slash: string, level: string) => {
    const nested = Math.min(6, 3 + Math.max(0, levels.indexOf(Number(level))));
    return `<${slash}h${nested}>`;
  });
}

/** For `<meta name="description">` and structured data: the words, cut at a word's end. */
export function plainDescription(html: string, lengthMax: number): string {
  const text = html
    .replace(/<[^>]*>/g, " ")
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});/gi, (entity) => decodeEntity(entity))
    .replace(/\s+/g, " ")
    .replace(/ ([.,;:!?])/g, "$1")
    .trim();
  if (text.length <= lengthMax) return text;
  const cut = text.slice(0, lengthMax - 1);
  const atWord = cut.lastIndexOf(" ");
  return `${(atWord > lengthMax / 2 ? cut.slice(0, atWord) : cut).trimEnd()}…`;
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };
const CODE_POINT_MAX = 0x10ffff;

function decodeEntity(entity: string): string {
  const name = entity.slice(1, -1).toLowerCase();
  if (!name.startsWith("#")) return NAMED[name] ?? entity;
  const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return code > 0 && code <= CODE_POINT_MAX && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : " ";
}
