/** How many products a list has, and its facets: one statement for the plain count, four for everything. */
import * as z from "zod";
import { rolledUp } from "./category-tree.ts";
import type { ListFilters } from "./list-question.ts";
import { type FilterName, fromListings, type Matching, Parameters } from "./listing-conditions.ts";
import { readCategoryTree } from "./read-categories.ts";

/** A plain list is counted no further: nobody pages through more, and counting reads every row. */
export const TOTAL_MAX = 1_000;
const TAGS_MAX = 24;

export interface Facets {
  readonly categories: readonly {
    readonly handle: string;
    readonly title: string;
    /** Handle. */
    readonly parent: string | null;
    readonly count: number;
  }[];
  readonly price: { readonly minMinor: number | null; readonly maxMinor: number | null };
  readonly availability: { readonly inStock: number; readonly soldOut: number };
  readonly tags: readonly { readonly tag: string; readonly count: number }[];
}

export interface Totals {
  readonly total: number;
  readonly totalCapped: boolean;
  /** Null when they were not asked for. */
  readonly facets: Facets | null;
}

interface Counting {
  readonly filters: ListFilters & { readonly withFacets: boolean };
  readonly matching: Matching | null;
}

export function totalStatements(database: D1Database, { filters, matching }: Counting): D1PreparedStatement[] {
  const statement = (write: (from: (except?: FilterName) => string) => string) => {
    const parameters = new Parameters();
    const sql = write((except) => fromListings(parameters, { filters, matching, ...(except === undefined ? {} : { except }) }));
    return database.prepare(sql).bind(...parameters.values);
  };
  if (!filters.withFacets) {
    return [statement((from) => `SELECT count(*) AS total FROM (SELECT 1 ${from()} LIMIT ${TOTAL_MAX + 1})`)];
  }
  return [
    statement((from) => `SELECT l.category_id AS categoryId, count(*) AS count ${from("category")} GROUP BY l.category_id`),
    statement((from) => `SELECT min(l.amount_minor) AS minMinor, max(l.amount_minor) AS maxMinor ${from("price")}`),
    statement((from) => `SELECT count(*) AS products, coalesce(sum(l.sold_out), 0) AS soldOut ${from("availability")}`),
    statement(
      (from) => `SELECT t.tag, count(*) AS count FROM (SELECT l.row_id ${from("tag")}) AS listed
        CROSS JOIN product_tags t ON t.row_id = listed.row_id GROUP BY t.tag ORDER BY count DESC, t.tag LIMIT ${TAGS_MAX}`,
    ),
  ];
}

const Count = z.tuple([z.object({ total: z.int() })]);
const Categories = z.array(z.object({ categoryId: z.string().nullable(), count: z.int() }));
const Price = z.tuple([z.object({ minMinor: z.int().nullable(), maxMinor: z.int().nullable() })]);
const Availability = z.tuple([z.object({ products: z.int(), soldOut: z.int() })]);
const Tags = z.array(z.object({ tag: z.string(), count: z.int() }));

/** @param rows what the statements answered, in their order. */
export async function totalsOf(database: D1Database, { filters }: Counting, rows: readonly unknown[]): Promise<Totals> {
  if (!filters.withFacets) {
    const [{ total }] = Count.parse(rows[0]);
    return { total: Math.min(total, TOTAL_MAX), totalCapped: total > TOTAL_MAX, facets: null };
  }
  const [price] = Price.parse(rows[1]);
  const [{ products, soldOut }] = Availability.parse(rows[2]);
  const categories = await categoryFacet(database, Categories.parse(rows[0]));
  const inStock = products - soldOut;
  return {
    total: filters.inStock ? inStock : products,
    totalCapped: false,
    facets: { categories, price, availability: { inStock, soldOut }, tags: Tags.parse(rows[3]) },
  };
}

export const NO_FACETS: Facets = {
  categories: [],
  price: { minMinor: null, maxMinor: null },
  availability: { inStock: 0, soldOut: 0 },
  tags: [],
};

/** A category counts what is below it, as choosing it lists that too. */
async function categoryFacet(database: D1Database, counted: z.infer<typeof Categories>): Promise<Facets["categories"]> {
  const own = new Map(counted.flatMap(({ categoryId, count }) => (categoryId === null ? [] : [[categoryId, count] as const])));
  if (own.size === 0) return [];
  const tree = await readCategoryTree(database);
  const counts = rolledUp(tree, own);
  return tree.ordered.flatMap(({ id, handle, title, parentId }) => {
    const count = counts.get(id) ?? 0;
    const parent = parentId === null ? undefined : tree.byId.get(parentId);
    return count === 0 ? [] : [{ handle, title, parent: parent?.handle ?? null, count }];
  });
}
