/**
 * `/search`: products that match what was typed, with the same filters as a category; without words, all products. Says what
 * was searched instead when nothing matched, and where to go on when nothing matches at all.
 */
import type { Context } from "hono";
import { cachedPage } from "../../cached-page.ts";
import { Breadcrumbs } from "../../components/breadcrumbs.tsx";
import { Notice } from "../../components/notice.tsx";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { SearchForm } from "../../layout/site-header.tsx";
import type { PageContext } from "../../page-context.ts";
import type { BuiltPage } from "../../page-options.ts";
import { inTime } from "../../peers/ask.ts";
import { type Category, type ListItem, readProducts, readTopCategories } from "../../peers/catalog.ts";
import { type CatalogTexts, catalogTexts } from "../../texts/catalog.ts";
import { CategoryTiles } from "./category-tiles.tsx";
import { activeFilterCount, type ListQuery, type ParsedListQuery, parseListQuery } from "./list-query.ts";
import { ListView } from "./list-view.tsx";
import { ProductGrid } from "./product-grid.tsx";
import { type FoundList, readList } from "./read-list.ts";

const SUGGESTED_COUNT = 4;
const OPTIONAL_DEADLINE_MS = 1_500;

export async function searchPage(c: Context<StorefrontHono>): Promise<Response> {
  return await cachedPage(c, (page) => buildSearchPage(c, page));
}

async function buildSearchPage(c: Context<StorefrontHono>, page: PageContext): Promise<BuiltPage | Response> {
  const parsed = parseListQuery(page.search, page.market.currency);
  const found = await readList(page, parsed.query, parsed.query.category);
  if (!found.ok) return unavailablePage(c, found.error);
  const { list, query } = found.value;
  const isEmpty = list.items.length === 0 && activeFilterCount(query) === 0;
  const view = { page, parsed, found: found.value, waysOn: isEmpty ? await readWaysOn(page) : NO_WAYS_ON };
  return { options: pageOptions(view), body: <SearchView {...view} /> };
}

interface WaysOn {
  readonly categories: readonly Category[];
  readonly products: readonly ListItem[];
}

const NO_WAYS_ON: WaysOn = { categories: [], products: [] };

async function readWaysOn(page: PageContext): Promise<WaysOn> {
  const { currency } = page.market;
  const question = { sort: "featured", availability: "in_stock", limit: SUGGESTED_COUNT } as const;
  const [categories, products] = await Promise.all([
    inTime(OPTIONAL_DEADLINE_MS, readTopCategories(page, currency)),
    inTime(OPTIONAL_DEADLINE_MS, readProducts(page, currency, question)),
  ]);
  return { categories: categories.ok ? categories.value : [], products: products.ok ? products.value.items : [] };
}

interface SearchViewProps {
  readonly page: PageContext;
  readonly parsed: ParsedListQuery;
  readonly found: FoundList;
  readonly waysOn: WaysOn;
}

function pageOptions({ page, found }: SearchViewProps): BuiltPage["options"] {
  const texts = catalogTexts(page.locale);
  const { q, page: number } = found.query;
  const title = q === null ? texts.list.allProducts : texts.search.title(q);
  return { title: number > 1 ? texts.list.titleWithPage(title, number) : title, canonical: "/search", noindex: true };
}

function SearchView({ page, parsed, found, waysOn }: SearchViewProps) {
  const texts = catalogTexts(page.locale);
  const { query, list } = found;
  const isNothing = query.q !== null && list.items.length === 0 && activeFilterCount(query) === 0;
  const corrected = list.correction?.query;
  const heading = headingOf(texts, corrected ?? query.q, isNothing);
  return (
    <>
      <Breadcrumbs page={page} crumbs={[{ label: query.q === null ? texts.list.allProducts : texts.search.emptyTitle }]} />
      <div class="listing-head">
        <h1 id="page-heading">{heading}</h1>
        <Correction texts={texts} query={query} corrected={corrected} />
        {parsed.searchCut ? <Notice tone="info">{texts.search.tooLong}</Notice> : null}
      </div>
      {isNothing ? (
        <NothingFound page={page} query={query.q ?? ""} waysOn={waysOn} />
      ) : (
        <ListView
          page={page}
          path="/search"
          parsed={{ ...parsed, query }}
          list={list}
          restarted={found.restarted}
          empty={<p class="nothing">{texts.list.emptyCategory}</p>}
        />
      )}
    </>
  );
}

function headingOf(texts: CatalogTexts, searched: string | null, isNothing: boolean): string {
  if (searched === null) return texts.list.allProducts;
  return isNothing ? texts.search.nothingHeading(searched) : texts.search.heading(searched);
}

interface CorrectionProps {
  readonly texts: CatalogTexts;
  readonly query: ListQuery;
  readonly corrected: string | undefined;
}

function Correction({ texts, query, corrected }: CorrectionProps) {
  if (corrected === undefined || query.q === null) return null;
  const parts = texts.search.correctedInstead(corrected, query.q);
  return (
    <p class="listing-lead">
      {parts.before}
      <strong>{parts.corrected}</strong>
      {parts.between}
      <span class="searched">{parts.query}</span>
      {parts.after}
    </p>
  );
}

function NothingFound({ page, query, waysOn }: { readonly page: PageContext; readonly query: string; readonly waysOn: WaysOn }) {
  const { search: texts, home } = catalogTexts(page.locale);
  return (
    <>
      <div class="nothing">
        <p>{/[\p{L}\p{N}]/u.test(query) ? texts.nothingText : texts.unusable}</p>
        <SearchForm page={page} id="search-again" />
      </div>
      {waysOn.categories.length === 0 ? null : (
        <section class="home-section" aria-labelledby="categories-heading">
          <h2 id="categories-heading">{texts.browseCategories}</h2>
          <CategoryTiles page={page} categories={waysOn.categories} />
        </section>
      )}
      {waysOn.products.length === 0 ? null : (
        <section class="home-section" aria-labelledby="featured-heading">
          <h2 id="featured-heading">{home.featured}</h2>
          <ProductGrid page={page} items={waysOn.products} />
        </section>
      )}
    </>
  );
}
