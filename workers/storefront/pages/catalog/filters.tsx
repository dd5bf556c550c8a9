/**
 * The filters of a list as one plain GET form. Counts come with the list: each says what choosing that value would show.
 * On narrow screens the form folds away behind its summary; on wide ones the style sheet keeps it open. Pure.
 */
import { formatMoney, link, type PageContext } from "../../page-context.ts";
import type { Facets } from "../../peers/catalog.ts";
import { catalogTexts } from "../../texts/catalog.ts";
import { HiddenQuery } from "./hidden-query.tsx";
import { activeFilterCount, type ListQuery, priceText, withFilters } from "./list-query.ts";

/** Products with this tag are on sale. */
export const SALE_TAG = "sale";
const OWN_FIELDS = ["category", "min", "max", "stock", "sale"];

interface FiltersProps {
  readonly page: PageContext;
  readonly path: string;
  readonly query: ListQuery;
  readonly facets: Facets | null;
}

export function Filters({ page, path, query, facets }: FiltersProps) {
  const texts = catalogTexts(page.locale).list;
  const active = activeFilterCount(query);
  const isSearch = path === "/search";
  return (
    <details class="filters">
      <summary>
        <span>{active === 0 ? texts.filters : texts.filtersActive(active)}</span>
      </summary>
      <form class="filters-form" method="get" action={link(page, path)} aria-label={texts.filters}>
        <HiddenQuery query={withFilters(query, {})} currency={page.market.currency} except={OWN_FIELDS} />
        {isSearch ? <CategoryFilter page={page} query={query} facets={facets} /> : null}
        <PriceFilter page={page} query={query} facets={facets} />
        <FlagFilters page={page} query={query} facets={facets} />
        <button class="button button-secondary button-wide" type="submit">
          {texts.apply}
        </button>
      </form>
    </details>
  );
}

type GroupProps = Omit<FiltersProps, "path">;

function CategoryFilter({ page, query, facets }: GroupProps) {
  const texts = catalogTexts(page.locale).list;
  const categories = (facets?.categories ?? []).filter(({ parent, handle }) => parent === null || handle === query.category);
  if (categories.length < 2 && query.category === null) return null;
  return (
    <fieldset class="filter-group">
      <legend>{texts.category}</legend>
      <label class="option-row">
        <input type="radio" name="category" value="" checked={query.category === null} />
        <span>{texts.anyCategory}</span>
      </label>
      {categories.map(({ handle, title, count }) => (
        <label class="option-row">
          <input type="radio" name="category" value={handle} checked={query.category === handle} />
          <span>{title}</span>
          <Count page={page} count={count} />
        </label>
      ))}
    </fieldset>
  );
}

function PriceFilter({ page, query, facets }: GroupProps) {
  const texts = catalogTexts(page.locale).list;
  const { currency } = page.market;
  const field = (name: "min" | "max", label: string, amountMinor: number | null) => (
    <div class="price-range-field">
      <label for={`filter-${name}`}>{label}</label>
      <input
        class="input"
        id={`filter-${name}`}
        name={name}
        type="text"
        inputmode="decimal"
        autocomplete="off"
        maxlength={14}
        value={amountMinor === null ? undefined : priceText(amountMinor, currency)}
        aria-describedby="filter-price-hint"
      />
    </div>
  );
  const { min, max } = facets?.price ?? { min: null, max: null };
  return (
    <fieldset class="filter-group">
      <legend>{texts.price}</legend>
      <div class="price-range">
        {field("min", texts.priceFrom, query.minMinor)}
        {field("max", texts.priceTo, query.maxMinor)}
      </div>
      <p class="filter-hint" id="filter-price-hint">
        {min === null || max === null
          ? texts.priceInCurrency(currency)
          : texts.priceBetween(formatMoney(page, min), formatMoney(page, max))}
      </p>
    </fieldset>
  );
}

function FlagFilters({ page, query, facets }: GroupProps) {
  const texts = catalogTexts(page.locale).list;
  const onSaleCount = facets?.tags.find(({ tag }) => tag.toLowerCase() === SALE_TAG)?.count;
  return (
    <fieldset class="filter-group">
      <legend>{texts.availability}</legend>
      <label class="option-row">
        <input type="checkbox" name="stock" value="in" checked={query.inStock} />
        <span>{texts.inStock}</span>
        {facets === null ? null : <Count page={page} count={facets.availability.in_stock} />}
      </label>
      {onSaleCount === undefined && !query.onSale ? null : (
        <label class="option-row">
          <input type="checkbox" name="sale" value="1" checked={query.onSale} />
          <span>{texts.onSale}</span>
          {onSaleCount === undefined ? null : <Count page={page} count={onSaleCount} />}
        </label>
      )}
    </fieldset>
  );
}

function Count({ page, count }: { readonly page: PageContext; readonly count: number }) {
  return (
    <span class="option-count">
      <span aria-hidden="true">{count}</span>
      <span class="visually-hidden"> {catalogTexts(page.locale).home.categoryCount(count)}</span>
    </span>
  );
}
