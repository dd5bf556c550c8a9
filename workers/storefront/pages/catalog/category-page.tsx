/** `/categories/{handle}`: what is in a category, filtered and sorted by its address. */
import type { Context } from "hono";
import { cachedPage } from "../../cached-page.ts";
import { Breadcrumbs } from "../../components/breadcrumbs.tsx";
import type { StorefrontHono } from "../../env.ts";
import { notFoundPage, unavailablePage } from "../../error-pages.tsx";
import { link, type PageContext } from "../../page-context.ts";
import type { BuiltPage } from "../../page-options.ts";
import { type CategoryDetail, type Facets, readCategory, readTopCategories } from "../../peers/catalog.ts";
import { catalogTexts } from "../../texts/catalog.ts";
import { shellTexts } from "../../texts/shell.ts";
import { isPlain, type ParsedListQuery, parseListQuery } from "./list-query.ts";
import { ListView } from "./list-view.tsx";
import { type FoundList, readList } from "./read-list.ts";
import { breadcrumbData, categoryPath } from "./structured-data.ts";

export async function categoryPage(c: Context<StorefrontHono>): Promise<Response> {
  const handle = c.req.param("handle") ?? "";
  return await cachedPage(c, (page) => buildCategoryPage(c, page, handle));
}

async function buildCategoryPage(c: Context<StorefrontHono>, page: PageContext, handle: string): Promise<BuiltPage | Response> {
  const { currency } = page.market;
  const parsed = withoutForeignFilters(parseListQuery(page.search, currency));
  const [category, found] = await Promise.all([readCategory(page, currency, handle), readList(page, parsed.query, handle)]);
  if (!category.ok) return category.error.status >= 500 ? unavailablePage(c, category.error) : missingCategory(c, page);
  if (!found.ok) return unavailablePage(c, found.error);
  const view = { page, category: category.value, found: found.value, parsed };
  return { options: pageOptions(view), body: <CategoryView {...view} /> };
}

/** The category is the path's; a search stands at its own address. */
function withoutForeignFilters(parsed: ParsedListQuery): ParsedListQuery {
  return { ...parsed, query: { ...parsed.query, q: null, category: null } };
}

async function missingCategory(c: Context<StorefrontHono>, page: PageContext): Promise<Response> {
  const texts = catalogTexts(page.locale);
  const categories = await readTopCategories(page, page.market.currency);
  const links = categories.ok ? categories.value.map(({ handle, title }) => ({ path: categoryPath(handle), label: title })) : [];
  return await notFoundPage(c, { title: texts.missingCategoryHeading, lead: texts.missingCategoryText, links });
}

interface CategoryViewProps {
  readonly page: PageContext;
  readonly category: CategoryDetail;
  readonly found: FoundList;
  readonly parsed: ParsedListQuery;
}

function crumbsOf(category: CategoryDetail) {
  return [
    ...category.ancestors.map(({ title, handle }) => ({ label: title, path: categoryPath(handle) })),
    { label: category.title },
  ];
}

function pageOptions({ page, category, found }: CategoryViewProps): BuiltPage["options"] {
  const texts = catalogTexts(page.locale).list;
  const { query } = found;
  return {
    title: query.page > 1 ? texts.titleWithPage(category.title, query.page) : category.title,
    description: category.description || texts.description(category.title),
    canonical: categoryPath(category.handle),
    noindex: !isPlain(query),
    ...(category.image === null ? {} : { image: category.image }),
    jsonLd: [breadcrumbData(page, shellTexts(page.locale).home, crumbsOf(category))],
  };
}

function CategoryView({ page, category, found, parsed }: CategoryViewProps) {
  const texts = catalogTexts(page.locale).list;
  const { children } = category;
  return (
    <>
      <Breadcrumbs page={page} crumbs={crumbsOf(category)} />
      <div class="listing-head">
        <h1 id="page-heading">{category.title}</h1>
        {category.description ? <p class="listing-lead">{category.description}</p> : null}
      </div>
      <ListView
        page={page}
        path={categoryPath(category.handle)}
        parsed={{ ...parsed, query: found.query }}
        list={found.list}
        restarted={found.restarted}
        aside={children.length === 0 ? null : <Subcategories page={page} categories={children} facets={found.list.facets} />}
        empty={<p class="nothing">{texts.emptyCategory}</p>}
      />
    </>
  );
}

interface SubcategoriesProps {
  readonly page: PageContext;
  readonly categories: CategoryDetail["children"];
  readonly facets: Facets | null;
}

/** With the counts of the list as it is filtered; without them, the catalogue's own. */
function Subcategories({ page, categories, facets }: SubcategoriesProps) {
  const texts = catalogTexts(page.locale);
  const countOf = (handle: string, all: number) =>
    facets === null ? all : (facets.categories.find((facet) => facet.handle === handle)?.count ?? 0);
  return (
    <nav class="subcategories" aria-labelledby="subcategories-heading">
      <h2 id="subcategories-heading">{texts.list.subcategories}</h2>
      <ul>
        {categories.map(({ handle, title, product_count }) => (
          <li>
            <a href={link(page, categoryPath(handle))}>{title}</a>{" "}
            <span class="option-count">{texts.home.categoryCount(countOf(handle, product_count))}</span>
          </li>
        ))}
      </ul>
    </nav>
  );
}
