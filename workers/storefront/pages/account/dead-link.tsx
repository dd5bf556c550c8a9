/** The page for a mailed link that was used, replaced or is too old, with the way to another. */
import type { Context } from "hono";
import { Notice } from "../../components/notice.tsx";
import type { StorefrontHono } from "../../env.ts";
import { link } from "../../page-context.ts";
import { renderPage } from "../../render-page.tsx";

export async function deadLinkPage(
  c: Context<StorefrontHono>,
  { deadTitle, dead }: { readonly deadTitle: string; readonly dead: string },
  another: { readonly path: string; readonly label: string },
): Promise<Response> {
  return await renderPage(
    c,
    { title: deadTitle, noindex: true, status: 410 },
    <section class="door">
      <h1>{deadTitle}</h1>
      <Notice tone="error">{dead}</Notice>
      <p>
        <a href={link(c.var.page, another.path)}>{another.label}</a>
      </p>
    </section>,
  );
}
