/** SQL of the rows a list is made of: `l` (listings), narrowed by filters and by a search. Values are always bound. Pure. */
import type { ListFilters } from "./list-question.ts";
import { type MatchMode, matchExpression } from "./search-terms.ts";

export type SqlValue = string | number | null;

/** Collects bound values; `add` gives the placeholder to write. */
export class Parameters {
  readonly #values: SqlValue[] = [];

  add(value: SqlValue): string {
    this.#values.push(value);
    return `?${this.#values.length}`;
  }

  get values(): readonly SqlValue[] {
    return this.#values;
  }
}

/** How a query was understood. */
export interface Matching {
  readonly terms: readonly string[];
  readonly mode: MatchMode;
  /** What was searched instead of the query; null when it was searched as typed. */
  readonly corrected: string | null;
}

export type FilterName = "category" | "tag" | "price" | "availability";

export interface Narrowing {
  readonly filters: ListFilters;
  /** Null without a search. */
  readonly matching: Matching | null;
  /** A facet counts what choosing another of its values would give: without its own filter. */
  readonly except?: FilterName;
}

/** `FROM … WHERE …` of the listings that are left. The index gives its matches in rank order: the join must not reorder them. */
export function fromListings(parameters: Parameters, narrowing: Narrowing): string {
  const { filters, matching } = narrowing;
  const currency = parameters.add(filters.currency);
  const conditions = conditionsOf(parameters, narrowing).join(" AND ");
  if (matching === null) return `FROM listings l WHERE l.currency = ${currency} AND ${conditions}`;
  const expression = parameters.add(matchExpression(matching.terms, matching.mode));
  return `FROM products_fts CROSS JOIN listings l ON l.currency = ${currency} AND l.row_id = products_fts.rowid
    WHERE products_fts MATCH ${expression} AND ${conditions}`;
}

function conditionsOf(parameters: Parameters, { filters, except }: Narrowing): string[] {
  const { category, tag, minPriceMinor, maxPriceMinor, inStock } = filters;
  const conditions = ["true"];
  if (category !== null && except !== "category") conditions.push(inCategory(parameters.add(category)));
  if (tag !== null && except !== "tag") {
    conditions.push(`l.row_id IN (SELECT t.row_id FROM product_tags t WHERE t.tag = ${parameters.add(tag)})`);
  }
  if (minPriceMinor !== null && except !== "price") conditions.push(`l.amount_minor >= ${parameters.add(minPriceMinor)}`);
  if (maxPriceMinor !== null && except !== "price") conditions.push(`l.amount_minor <= ${parameters.add(maxPriceMinor)}`);
  if (inStock && except !== "availability") conditions.push("l.sold_out = 0");
  return conditions;
}

/** In the category of this handle or below it. */
function inCategory(handle: string): string {
  return `l.category_id IN (
    WITH RECURSIVE below (id) AS (
      SELECT id FROM categories WHERE handle = ${handle}
      UNION SELECT c.id FROM categories c JOIN below ON c.parent_id = below.id
    ) SELECT id FROM below)`;
}
