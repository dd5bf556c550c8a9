/** Replaces the words of a fruitless query that no product has by the nearest ones that some product has. */
import { beginningsExpression, matchExpression } from "./search-terms.ts";
import { editsAllowed, nearestBeginning, nearestWord, type Word } from "./spelling.ts";

/** Words compared for one mistyped word: bounds the work, most frequent first. */
const CANDIDATES_MAX = 3_000;

const BY_FIRST_LETTER = `
SELECT term, doc AS documents FROM vocabulary WHERE term >= ?1 AND term < ?2 AND length(term) BETWEEN ?3 AND ?4
ORDER BY doc DESC LIMIT ${CANDIDATES_MAX}`;

/** When even the first letter is wrong: words that agree after it. */
const BY_LETTERS_AFTER = `
SELECT term, doc AS documents FROM vocabulary WHERE length(term) BETWEEN ?1 AND ?2 AND substr(term, 2, 2) = ?3
ORDER BY doc DESC LIMIT ${CANDIDATES_MAX}`;

/** Words of titles; half a word may be shorter than every one that begins like it. */
const TITLES_BY_FIRST_LETTER = `
SELECT term, doc AS documents FROM title_vocabulary WHERE term >= ?1 AND term < ?2 AND length(term) >= ?3
ORDER BY doc DESC LIMIT ${CANDIDATES_MAX}`;

/** For suggestions: the words of titles that the terms most likely begin. Null when there is nothing to correct. */
export async function correctBeginnings(database: D1Database, terms: readonly string[]): Promise<string[] | null> {
  const known = await database.batch(
    terms.map((term) =>
      database.prepare("SELECT 1 FROM titles_fts WHERE titles_fts MATCH ?1 LIMIT 1").bind(beginningsExpression([term])),
    ),
  );
  const corrected = await Promise.all(
    terms.map(async (term, index) => {
      const isKnown = (known[index]?.results.length ?? 0) > 0;
      return isKnown || editsAllowed(term) === 0 ? term : ((await correctBeginning(database, term)) ?? term);
    }),
  );
  const changed = corrected.some((term, index) => term !== terms[index]);
  return changed ? [...new Set(corrected)] : null;
}

async function correctBeginning(database: D1Database, term: string): Promise<string | null> {
  const letters = [...term];
  const starts = new Set(letters.slice(0, 2));
  const batches = await database.batch<Word>(
    Array.from(starts, (letter) =>
      database.prepare(TITLES_BY_FIRST_LETTER).bind(letter, after(letter), letters.length - editsAllowed(term)),
    ),
  );
  return nearestBeginning(
    term,
    batches.flatMap((batch) => batch.results),
  );
}

/** Null when there is nothing to correct. */
export async function correctTerms(database: D1Database, terms: readonly string[]): Promise<string[] | null> {
  const known = await database.batch(
    terms.map((term) =>
      database.prepare("SELECT 1 FROM products_fts WHERE products_fts MATCH ?1 LIMIT 1").bind(matchExpression([term], "all")),
    ),
  );
  const corrected = await Promise.all(
    terms.map(async (term, index) => {
      const isKnown = (known[index]?.results.length ?? 0) > 0;
      return isKnown || editsAllowed(term) === 0 ? term : ((await correctTerm(database, term)) ?? term);
    }),
  );
  const changed = corrected.some((term, index) => term !== terms[index]);
  return changed ? [...new Set(corrected)] : null;
}

async function correctTerm(database: D1Database, term: string): Promise<string | null> {
  const letters = [...term];
  const lengths = [letters.length - editsAllowed(term), letters.length + editsAllowed(term)] as const;
  const starts = new Set(letters.slice(0, 2));
  const batches = await database.batch<Word>(
    Array.from(starts, (letter) => database.prepare(BY_FIRST_LETTER).bind(letter, after(letter), ...lengths)),
  );
  const near = nearestWord(
    term,
    batches.flatMap((batch) => batch.results),
  );
  if (near !== null) return near;
  const inner = letters.slice(1, 3).join("");
  const { results } = await database
    .prepare(BY_LETTERS_AFTER)
    .bind(...lengths, inner)
    .all<Word>();
  return nearestWord(term, results);
}

/** The first text after every word that begins with this letter. */
function after(letter: string): string {
  return String.fromCodePoint(Math.min((letter.codePointAt(0) ?? 0) + 1, 0x10ffff));
}
