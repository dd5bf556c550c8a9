/** What a page says about itself. Types only. */
import type { JSX } from "hono/jsx/jsx-runtime";

export interface PageOptions {
  /** Without the shop's name. */
  readonly title: string;
  readonly description?: string | undefined;
  /** Path of the page's one true address, without the language's prefix; the page's own path unless told. */
  readonly canonical?: string | undefined;
  readonly noindex?: boolean | undefined;
  /** Path or URL for Open Graph. */
  readonly image?: string | undefined;
  readonly jsonLd?: readonly object[] | undefined;
  readonly status?: number | undefined;
  /** Personal pages only: a kept page has the headers of every kept page. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For checkout: a header without search and categories. */
  readonly hideNavigation?: boolean | undefined;
  /** Units in the cart when the page knows them already: saves asking. */
  readonly cartCount?: number | undefined;
  /** Set on `<body>`. */
  readonly bodyClass?: string | undefined;
}

export interface BuiltPage {
  readonly options: PageOptions;
  readonly body: JSX.Element;
  /** Cached pages: seconds until the page is rendered again in the background; 60 unless told. */
  readonly freshSeconds?: number | undefined;
  /** Cached pages: seconds after which the page is not shown any more before it is rendered again; 600 unless told. */
  readonly staleSeconds?: number | undefined;
}
