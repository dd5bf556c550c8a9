/**
 * Shopper's text as an FTS5 expression. Only letters and digits survive, each word in double quotes, so no operator of the
 * FTS5 grammar can come from outside. Pure. Source: https://www.sqlite.org/fts5.html#full_text_query_syntax
 */

export const QUERY_LENGTH_MAX = 200;
/** Further words are not searched. */
const TERMS_MAX = 12;

/**
 * Lower-case words as the index keeps them; none when there is no letter or digit. Like its tokenizer this takes diacritics
 * from Latin letters only: without theirs ブ would be フ, and a Hangul syllable would fall apart.
 */
export function searchTerms(query: string): string[] {
  const plain = query
    .normalize("NFKC")
    .replace(/\p{Script=Latin}/gu, (letter) => letter.normalize("NFD"))
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, TERMS_MAX);
}

export type MatchMode = "all" | "any";

/** The last word also matches as a beginning: people search while they type. @param terms at least one. */
export function matchExpression(terms: readonly string[], mode: MatchMode): string {
  const phrases = terms.map((term, index) => `"${term}"${index === terms.length - 1 ? "*" : ""}`);
  return phrases.join(mode === "all" ? " AND " : " OR ");
}

/** Every term as the beginning of a word, all of them. @param terms at least one. */
export function beginningsExpression(terms: readonly string[]): string {
  return terms.map((term) => `"${term}"*`).join(" AND ");
}
