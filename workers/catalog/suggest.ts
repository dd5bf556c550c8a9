/**
 * Suggestions while somebody types: titles in which every typed word begins some word. When there are none, each unknown
 * word is taken for the nearest word of a title that begins like it, mistakes included.
 */
import { type CategoryTree, pictureOf, withDescendants } from "./category-tree.ts";
import { correctBeginnings } from "./correct-query.ts";
import { correctionJson } from "./product-json.ts";
import { readCategoryCounts, readCategoryTree } from "./read-categories.ts";
import { beginningsExpression, searchTerms } from "./search-terms.ts";

export const SUGGESTIONS_MAX = 20;
const CATEGORIES_MAX = 3;

export interface SuggestionQuestion {
  readonly query: string;
  readonly currency: string;
  readonly limit: number;
}

interface Suggestion {
  readonly kind: "product" | "category";
  readonly title: string;
  readonly handle: string;
  readonly image: string | null;
}

export interface Suggestions {
  readonly items: Suggestion[];
  readonly correction: ReturnType<typeof correctionJson>;
}

export async function suggest(database: D1Database, question: SuggestionQuestion): Promise<Suggestions> {
  const terms = searchTerms(question.query);
  if (terms.length === 0) return { items: [], correction: null };
  const items = await readItems(database, question, terms);
  if (items.length > 0) return { items, correction: null };
  const corrected = await correctBeginnings(database, terms);
  if (corrected === null) return { items: [], correction: null };
  const found = await readItems(database, question, corrected);
  return { items: found, correction: found.length === 0 ? null : correctionJson(corrected.join(" ")) };
}

async function readItems(database: D1Database, question: SuggestionQuestion, terms: readonly string[]): Promise<Suggestion[]> {
  const [categories, products] = await Promise.all([
    suggestCategories(database, question.currency, terms),
    suggestProducts(database, question, terms),
  ]);
  return [...categories, ...products].slice(0, question.limit);
}

/** Those that have something to show; there are few enough to look at each. */
async function suggestCategories(database: D1Database, currency: string, terms: readonly string[]): Promise<Suggestion[]> {
  const tree = await readCategoryTree(database);
  const matching = tree.ordered.filter(({ title }) => beginsEach(title, terms));
  if (matching.length === 0) return [];
  const counts = await readCategoryCounts(database, currency);
  const filled = matching.filter(({ id }) => isFilled(tree, counts, id));
  return filled.slice(0, CATEGORIES_MAX).map((node) => ({
    kind: "category",
    title: node.title,
    handle: node.handle,
    image: pictureOf(tree, node),
  }));
}

function isFilled(tree: CategoryTree, counts: ReadonlyMap<string, number>, id: string): boolean {
  return withDescendants(tree, id).some((node) => (counts.get(node.id) ?? 0) > 0);
}

function beginsEach(title: string, terms: readonly string[]): boolean {
  const words = searchTerms(title);
  return terms.every((term) => words.some((word) => word.startsWith(term)));
}

/** One letter begins too much to be ranked: then the newest. */
async function suggestProducts(
  database: D1Database,
  { currency, limit }: SuggestionQuestion,
  terms: readonly string[],
): Promise<Suggestion[]> {
  const isRanked = terms.some((term) => term.length > 1);
  const { results } = await database
    .prepare(
      `WITH found AS MATERIALIZED (
         SELECT l.row_id, ${isRanked ? "titles_fts.rank" : "0"} AS score
         FROM titles_fts CROSS JOIN listings l ON l.currency = ?2 AND l.row_id = titles_fts.rowid
         WHERE titles_fts MATCH ?1 ORDER BY ${isRanked ? "titles_fts.rank" : "titles_fts.rowid DESC"} LIMIT ?3
       ) SELECT p.title, p.handle, coalesce((SELECT m.url FROM media m WHERE m.product_id = p.id AND m.position = 1),
         (SELECT v.image FROM variants v WHERE v.product_id = p.id AND v.image IS NOT NULL ORDER BY v.position LIMIT 1)) AS image
       FROM found CROSS JOIN products p ON p.row_id = found.row_id ORDER BY found.score, found.row_id DESC`,
    )
    .bind(beginningsExpression(terms), currency, limit)
    .all<{ title: string; handle: string; image: string | null }>();
  return results.map(({ title, handle, image }) => ({ kind: "product", title, handle, image }));
}
