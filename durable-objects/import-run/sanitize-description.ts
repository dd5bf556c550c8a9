/**
 * Product descriptions as safe HTML: rebuilt from a fixed set of tags without any attribute, everything else escaped or
 * dropped. What comes out cannot run, load or style anything, whatever went in; applying it twice changes nothing. Pure.
 */

const ALLOWED = new Set(
  "p br hr b strong i em u s small sub sup ul ol li dl dt dd h2 h3 h4 h5 h6 blockquote pre code table thead tbody tr th td".split(
    " ",
  ),
);
const VOID = new Set(["br", "hr"]);
/** Elements whose content is not text. */
const DROPPED = /<(script|style|template|noscript|iframe|object|svg|math|title|textarea)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
const TAG = /<(\/?)([a-z][a-z0-9]*)(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*>/gi;
const RENAMED: Readonly<Record<string, string>> = { h1: "h2", div: "p", section: "p", article: "p", del: "s", strike: "s" };

export function sanitizeDescription(html: string): string {
  const text = html.replace(COMMENT, "").replace(DROPPED, "");
  const open: string[] = [];
  let out = "";
  let from = 0;
  for (const match of text.matchAll(TAG)) {
    out += escapeText(text.slice(from, match.index));
    from = match.index + match[0].length;
    const raw = (match[2] ?? "").toLowerCase();
    out += rebuildTag(RENAMED[raw] ?? raw, match[1] === "/", open);
  }
  out += escapeText(text.slice(from));
  return (
    out +
    open
      .reverse()
      .map((tag) => `</${tag}>`)
      .join("")
  );
}

/** `open` is the stack of unclosed tags; it is changed. */
function rebuildTag(tag: string, closing: boolean, open: string[]): string {
  if (!ALLOWED.has(tag)) return "";
  if (VOID.has(tag)) return closing ? "" : `<${tag}>`;
  if (!closing) {
    open.push(tag);
    return `<${tag}>`;
  }
  const depth = open.lastIndexOf(tag);
  if (depth === -1) return "";
  return open
    .splice(depth)
    .reverse()
    .map((closed) => `</${closed}>`)
    .join("");
}

/** Entities that are there stay; a bare `&` and stray angle brackets become entities. */
function escapeText(text: string): string {
  return text
    .replace(/&(?!(?:[a-z][a-z0-9]{1,31}|#\d{1,7}|#x[0-9a-f]{1,6});)/gi, "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** The words of a sanitised description, for the search index. */
export function descriptionText(sanitized: string): string {
  return sanitized
    .replace(/<[^>]*>/g, " ")
    .replace(/&(?:[a-z][a-z0-9]{1,31}|#\d{1,7}|#x[0-9a-f]{1,6});/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
}
