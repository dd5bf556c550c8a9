/** Renders a page for nobody, and the pieces that make it somebody's. */
import type { Context } from "hono";
import { raw } from "hono/html";
import type { StorefrontHono } from "./env.ts";
import { FlashNotice, takeFlash } from "./flash.tsx";
import { freshToken } from "./fresh-marks.ts";
import { Layout } from "./layout/layout.tsx";
import { PersonalLinks } from "./layout/personal-links.tsx";
import type { CategoryLink } from "./layout/site-header.tsx";
import type { PageContext, Personal } from "./page-context.ts";
import type { BuiltPage } from "./page-options.ts";
import { renderDocument } from "./render-page.tsx";
import { marksOf } from "./skeleton.ts";

/** The document with the marks of `token` in its gaps. */
export async function renderSkeletonHtml(
  page: PageContext,
  built: BuiltPage,
  categories: readonly CategoryLink[],
  token: string,
): Promise<string> {
  const marks = marksOf(token);
  const html = await renderDocument(
    <Layout page={page} options={built.options} categories={categories} personal={raw(marks.personal)} flash={raw(marks.flash)}>
      {built.body}
    </Layout>,
  );
  // Another isolate may read the kept page: its fresh marks must go by the page's own token.
  return html.replaceAll(`__${freshToken()}_fresh-`, `__${token}_fresh-`);
}

export function personalHtml(page: PageContext, personal: Personal): string {
  return String(<PersonalLinks page={page} personal={personal} />);
}

export function flashHtml(c: Context<StorefrontHono>): string {
  const flash = takeFlash(c);
  return flash === undefined ? "" : String(<FlashNotice flash={flash} />);
}
