/** What narrows a list right now, each with a link that takes it away. Pure. */
import { formatMoney, link, type PageContext } from "../../page-context.ts";
import type { Facets } from "../../peers/catalog.ts";
import { type CatalogTexts, catalogTexts } from "../../texts/catalog.ts";
import { type ListQuery, listSearch, NO_FILTERS, withFilters } from "./list-query.ts";

interface ActiveFiltersProps {
  readonly page: PageContext;
  readonly path: string;
  readonly query: ListQuery;
  readonly facets: Facets | null;
}

export function ActiveFilters({ page, path, query, facets }: ActiveFiltersProps) {
  const texts = catalogTexts(page.locale).list;
  const filters = activeFilters(page, texts, query, facets);
  if (filters.length === 0) return null;
  const hrefOf = (changes: Partial<ListQuery>) =>
    link(page, path + listSearch(withFilters(query, changes), page.market.currency));
  return (
    <div class="active-filters">
      <h2 class="visually-hidden">{texts.activeFilters}</h2>
      <ul>
        {filters.map(({ label, without }) => (
          <li>
            <a class="chip" href={hrefOf(without)} aria-label={texts.remove(label)}>
              {label} <span aria-hidden="true">×</span>
            </a>
          </li>
        ))}
        {filters.length > 1 ? (
          <li>
            <a class="active-filters-clear" href={hrefOf(NO_FILTERS)}>
              {texts.clearAll}
            </a>
          </li>
        ) : null}
      </ul>
    </div>
  );
}

interface ActiveFilter {
  readonly label: string;
  readonly without: Partial<ListQuery>;
}

function activeFilters(
  page: PageContext,
  texts: CatalogTexts["list"],
  query: ListQuery,
  facets: Facets | null,
): readonly ActiveFilter[] {
  const category = facets?.categories.find(({ handle }) => handle === query.category)?.title ?? query.category;
  const price = priceLabel(page, texts, query);
  return [
    category === null ? [] : [{ label: category, without: { category: null } }],
    price === null ? [] : [{ label: price, without: { minMinor: null, maxMinor: null } }],
    query.inStock ? [{ label: texts.inStock, without: { inStock: false } }] : [],
    query.onSale ? [{ label: texts.onSale, without: { onSale: false } }] : [],
  ].flat();
}

function priceLabel(page: PageContext, texts: CatalogTexts["list"], { minMinor, maxMinor }: ListQuery): string | null {
  const money = (amountMinor: number) => formatMoney(page, { amount_minor: amountMinor, currency: page.market.currency });
  if (minMinor !== null && maxMinor !== null) return texts.priceBetween(money(minMinor), money(maxMinor));
  if (minMinor !== null) return texts.priceAtLeast(money(minMinor));
  return maxMinor === null ? null : texts.priceAtMost(money(maxMinor));
}
