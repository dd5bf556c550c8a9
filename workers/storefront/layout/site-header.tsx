/** The header of every page: mark, search, personal links, category bar. Pure. */
import type { Child } from "hono/jsx";
import { configuration } from "../configuration.ts";
import { link, type PageContext } from "../page-context.ts";
import { shellTexts } from "../texts/shell.ts";
import { Mark, SearchIcon } from "./icons.tsx";

export interface CategoryLink {
  readonly handle: string;
  readonly title: string;
}

interface SiteHeaderProps {
  readonly page: PageContext;
  readonly categories: readonly CategoryLink[];
  readonly hideNavigation: boolean;
  /** Account and cart links, or the mark that stands for them. */
  readonly personal: Child;
}

export function SiteHeader({ page, categories, hideNavigation, personal }: SiteHeaderProps) {
  return (
    <>
      <header class={`site-header${hideNavigation ? " site-header-bare" : ""}`}>
        <div class="site-header-row">
          <a class="brand" href={link(page, "/")}>
            <Mark />
            <span class="brand-name">{configuration.shopName}</span>
          </a>
          {hideNavigation ? null : <SearchForm page={page} id="search" />}
          <div class="tools">{personal}</div>
        </div>
      </header>
      {hideNavigation || categories.length === 0 ? null : <CategoryBar page={page} categories={categories} />}
    </>
  );
}

/** `id` names the field; it may stand twice on a page. */
export function SearchForm({ page, id }: { readonly page: PageContext; readonly id: string }) {
  const texts = shellTexts(page.locale);
  const query = page.path === "/search" ? (new URLSearchParams(page.search).get("q") ?? "") : "";
  return (
    <search class="search">
      <form action={link(page, "/search")} method="get" data-island="search">
        <label class="visually-hidden" for={id}>
          {texts.searchLabel}
        </label>
        <input
          class="search-input"
          id={id}
          type="search"
          name="q"
          value={query}
          placeholder={texts.searchPlaceholder}
          autocomplete="off"
          maxlength={100}
        />
        <button class="search-button" type="submit" aria-label={texts.search}>
          <SearchIcon />
        </button>
      </form>
    </search>
  );
}

function CategoryBar({ page, categories }: { readonly page: PageContext; readonly categories: readonly CategoryLink[] }) {
  const texts = shellTexts(page.locale);
  return (
    <nav class="category-bar" aria-label={texts.categories}>
      <ul>
        {categories.map(({ handle, title }) => {
          const path = `/categories/${encodeURIComponent(handle)}`;
          return (
            <li>
              <a href={link(page, path)} aria-current={page.path === path ? "page" : undefined}>
                {title}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
