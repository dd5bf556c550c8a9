/** Asks the catalogue for the list that an address names. A cursor that is of no use any more leads to the first page. */
import { ok } from "../../../shared/result.ts";
import type { PageContext } from "../../page-context.ts";
import type { Answer } from "../../peers/ask.ts";
import { type ProductPage, readProducts } from "../../peers/catalog.ts";
import { SALE_TAG } from "./filters.tsx";
import { type ListQuery, withFilters } from "./list-query.ts";

/** Full rows of two, three and four cards. */
const PAGE_SIZE = 24;

export interface FoundList {
  readonly list: ProductPage;
  /** What the list answers: without the cursor when that was refused. */
  readonly query: ListQuery;
  readonly restarted: boolean;
}

/** @param category the page's own; else the one that the address narrows to. */
export async function readList(page: PageContext, query: ListQuery, category: string | null): Answer<FoundList> {
  const first = await askList(page, query, category);
  if (first.ok) return ok({ list: first.value, query, restarted: false });
  if (query.cursor === null || first.error.status !== 400) return first;
  const fromStart = withFilters(query, {});
  const second = await askList(page, fromStart, category);
  return second.ok ? ok({ list: second.value, query: fromStart, restarted: true }) : second;
}

async function askList(page: PageContext, query: ListQuery, category: string | null) {
  return await readProducts(page, page.market.currency, {
    q: query.q,
    category,
    tag: query.onSale ? SALE_TAG : null,
    sort: query.sort,
    min_price_minor: query.minMinor,
    max_price_minor: query.maxMinor,
    availability: query.inStock ? "in_stock" : null,
    facets: true,
    limit: PAGE_SIZE,
    cursor: query.cursor,
  });
}
