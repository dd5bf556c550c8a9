/** The orders a list can be in: each by a key of `l` (listings) and the row id, so that equals stay where they are. Pure. */
import type { Sort } from "./list-question.ts";
import type { Parameters, SqlValue } from "./listing-conditions.ts";

/** Relevance is no column: search-products.ts pages it. */
export type ColumnSort = Exclude<Sort, "relevance">;

interface SortOrder {
  /** Null: the row id alone. */
  readonly key: string | null;
  readonly descending: boolean;
}

const ORDERS: Readonly<Record<ColumnSort, SortOrder>> = {
  featured: { key: "l.featured", descending: true },
  newest: { key: null, descending: true },
  price_asc: { key: "l.amount_minor", descending: false },
  price_desc: { key: "l.amount_minor", descending: true },
  title: { key: "l.title_key", descending: false },
};

/** Where the page before ended. */
export interface SortPosition {
  readonly key: SqlValue;
  readonly rowId: number;
}

export function sortKey(sort: ColumnSort): string {
  return ORDERS[sort].key ?? "NULL";
}

export function orderBy(sort: ColumnSort): string {
  const { key, descending } = ORDERS[sort];
  const direction = descending ? "DESC" : "ASC";
  return [...(key === null ? [] : [key]), "l.row_id"].map((column) => `${column} ${direction}`).join(", ");
}

/** The same order of a page that has the key as `sort_key`. */
export function pageOrder(sort: ColumnSort): string {
  const direction = ORDERS[sort].descending ? "DESC" : "ASC";
  return `page.sort_key ${direction}, page.row_id ${direction}`;
}

/** The condition for everything after the position; a comparison of rows, which an index answers. */
export function isAfter(sort: ColumnSort, position: SortPosition, parameters: Parameters): string {
  const { key, descending } = ORDERS[sort];
  const sign = descending ? "<" : ">";
  if (key === null) return `l.row_id ${sign} ${parameters.add(position.rowId)}`;
  return `(${key}, l.row_id) ${sign} (${parameters.add(position.key)}, ${parameters.add(position.rowId)})`;
}
