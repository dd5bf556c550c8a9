/** Pages for one shopper: rendered for this request, never kept by anybody. */
import type { Context } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { StorefrontHono } from "./env.ts";
import { FlashNotice, takeFlash } from "./flash.tsx";
import { knownCategories } from "./known-categories.ts";
import { Layout } from "./layout/layout.tsx";
import { PersonalLinks } from "./layout/personal-links.tsx";
import type { Personal } from "./page-context.ts";
import type { PageOptions } from "./page-options.ts";
import { readCartCount } from "./peers/cart-count.ts";

export type { PageOptions } from "./page-options.ts";

export async function renderPage(c: Context<StorefrontHono>, options: PageOptions, body: JSX.Element): Promise<Response> {
  const { page } = c.var;
  const [personal, categories] = await Promise.all([personalOf(c, options.cartCount), knownCategories(c)]);
  const html = await renderDocument(
    <Layout
      page={page}
      options={options}
      categories={options.hideNavigation === true ? [] : categories}
      personal={<PersonalLinks page={page} personal={personal} />}
      flash={<FlashNotice flash={takeFlash(c)} />}
    >
      {body}
    </Layout>,
  );
  c.header("cache-control", "private, no-store");
  for (const [name, value] of Object.entries(options.headers ?? {})) c.header(name, value);
  return c.html(html, (options.status ?? 200) as 200);
}

/** The whole text of a document. */
export async function renderDocument(document: JSX.Element): Promise<string> {
  return `<!DOCTYPE html>${await (await document).toString()}`;
}

/** @param cartCount when the page knows it already. */
export async function personalOf(c: Context<StorefrontHono>, cartCount?: number): Promise<Personal> {
  const { page } = c.var;
  const { personal } = page;
  if (personal === "deferred") throw new Error("a request's own page is never deferred");
  return { ...personal, cartCount: cartCount ?? (await readCartCount(page, personal.cartId)) };
}
