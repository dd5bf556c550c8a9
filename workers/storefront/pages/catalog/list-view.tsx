/** What the category and search pages have in common: filters, order, count, cards, and the way through the pages. Pure. */
import type { Child } from "hono/jsx";
import { Notice } from "../../components/notice.tsx";
import { Pagination } from "../../components/pagination.tsx";
import { intlLocale, link, type PageContext } from "../../page-context.ts";
import type { ProductPage } from "../../peers/catalog.ts";
import { type CatalogTexts, catalogTexts } from "../../texts/catalog.ts";
import { ActiveFilters } from "./active-filters.tsx";
import { Filters } from "./filters.tsx";
import { HiddenQuery } from "./hidden-query.tsx";
import {
  activeFilterCount,
  type ListQuery,
  listSearch,
  NO_FILTERS,
  nextPage,
  type ParsedListQuery,
  previousPage,
  SORTS,
  withFilters,
} from "./list-query.ts";
import { ProductGrid } from "./product-grid.tsx";

/** A list and the address it stands at. */
export interface ListProps {
  readonly page: PageContext;
  /** Without language prefix and query: `/categories/rainwear`. */
  readonly path: string;
  readonly parsed: ParsedListQuery;
  readonly list: ProductPage;
  /** The cursor of the address was of no use, so this is the first page. */
  readonly restarted: boolean;
}

interface ListViewProps extends ListProps {
  /** Above the filters, e.g. links to the categories below. */
  readonly aside?: Child;
  /** Shown in place of the cards when nothing is found and no filter is to blame. */
  readonly empty: Child;
}

export function ListView(props: ListViewProps) {
  const { page, path, parsed, list, restarted } = props;
  const { query } = parsed;
  const texts = catalogTexts(page.locale).list;
  const hrefOf = (other: ListQuery) => path + listSearch(other, page.market.currency);
  const previous = previousPage(query);
  return (
    <div class="listing">
      <div class="listing-aside">
        {props.aside}
        <Filters page={page} path={path} query={query} facets={list.facets} />
      </div>
      <section class="listing-results" aria-labelledby="page-heading">
        {parsed.priceRefused ? <Notice tone="warning">{texts.priceRefused}</Notice> : null}
        {restarted ? <Notice tone="info">{texts.badCursor}</Notice> : null}
        <div class="listing-bar">
          <p class="listing-count" role="status">
            {countText(page, texts, list)}
          </p>
          {list.items.length > 1 || query.sort !== null ? <SortForm page={page} path={path} query={query} /> : null}
        </div>
        <ActiveFilters page={page} path={path} query={query} facets={list.facets} />
        {list.items.length > 0 ? (
          <ProductGrid page={page} items={list.items} eagerCount={EAGER_CARDS} headingLevel={2} />
        ) : activeFilterCount(query) > 0 ? (
          <NothingFits page={page} clearHref={hrefOf(withFilters(query, NO_FILTERS))} />
        ) : (
          props.empty
        )}
        <Pagination
          page={page}
          previous={previous === null ? null : hrefOf(previous)}
          next={list.next_cursor === null ? null : hrefOf(nextPage(query, list.next_cursor))}
        />
      </section>
    </div>
  );
}

/** Pictures of the first row on a wide screen. */
const EAGER_CARDS = 4;

function countText(page: PageContext, texts: CatalogTexts["list"], list: ProductPage): string {
  const formatted = new Intl.NumberFormat(intlLocale(page)).format(list.total);
  return list.total_capped ? texts.countAtLeast(formatted) : texts.count(list.total, formatted);
}

function SortForm({ page, path, query }: Pick<ListProps, "page" | "path"> & { readonly query: ListQuery }) {
  const texts = catalogTexts(page.locale).list;
  const own = query.q === null ? texts.sorts.featured : texts.sorts.relevance;
  return (
    <form class="sort-form" method="get" action={link(page, path)}>
      <HiddenQuery query={withFilters(query, { sort: null })} currency={page.market.currency} />
      <label for="sort">{texts.sort}</label>
      <select class="input" id="sort" name="sort">
        <option value="" selected={query.sort === null}>
          {own}
        </option>
        {SORTS.filter((sort) => sort !== "featured").map((sort) => (
          <option value={sort} selected={query.sort === sort}>
            {texts.sorts[sort]}
          </option>
        ))}
      </select>
      <button class="button button-secondary" type="submit">
        {texts.sortChange}
      </button>
    </form>
  );
}

function NothingFits({ page, clearHref }: { readonly page: PageContext; readonly clearHref: string }) {
  const texts = catalogTexts(page.locale).list;
  return (
    <div class="nothing">
      <h2>{texts.emptyHeading}</h2>
      <p>{texts.emptyText}</p>
      <a class="button button-secondary" href={link(page, clearHref)}>
        {texts.clearAll}
      </a>
    </div>
  );
}
