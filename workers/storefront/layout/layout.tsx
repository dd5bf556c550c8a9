/** The document around every page. Pure. */
import type { Child } from "hono/jsx";
import { IslandTexts } from "../islands/markup/island-texts.tsx";
import { link, type PageContext } from "../page-context.ts";
import type { PageOptions } from "../page-options.ts";
import { shellTexts } from "../texts/shell.ts";
import { DocumentHead } from "./document-head.tsx";
import { SiteFooter } from "./site-footer.tsx";
import { type CategoryLink, SiteHeader } from "./site-header.tsx";

interface LayoutProps {
  readonly page: PageContext;
  readonly options: PageOptions;
  readonly categories: readonly CategoryLink[];
  /** Account and cart links, or the mark that stands for them. */
  readonly personal: Child;
  /** What the last page wanted to say, or the mark that stands for it. */
  readonly flash: Child;
  readonly children?: Child;
}

export function Layout({ page, options, categories, personal, flash, children }: LayoutProps) {
  const texts = shellTexts(page.locale);
  return (
    <html lang={page.locale} dir="ltr">
      <DocumentHead page={page} options={options} />
      <body class={options.bodyClass} data-locale={page.locale} data-prefix={link(page, "/").replace(/\/$/, "")}>
        <a class="skip-link" href="#content">
          {texts.skipToContent}
        </a>
        <SiteHeader page={page} categories={categories} hideNavigation={options.hideNavigation === true} personal={personal} />
        <main id="content" tabindex={-1}>
          {flash}
          {children}
        </main>
        <SiteFooter page={page} />
        <IslandTexts page={page} />
      </body>
    </html>
  );
}
