/** Where the page stands; the last part is the page itself. Pure. */
import { link, type PageContext } from "../page-context.ts";
import { shellTexts } from "../texts/shell.ts";

export interface Crumb {
  readonly label: string;
  /** Without the language's prefix; left out for the page itself. */
  readonly path?: string | undefined;
}

export function Breadcrumbs({ page, crumbs }: { readonly page: Pick<PageContext, "locale">; readonly crumbs: readonly Crumb[] }) {
  const texts = shellTexts(page.locale);
  return (
    <nav class="breadcrumbs" aria-label={texts.breadcrumbs}>
      <ol>
        <li>
          <a href={link(page, "/")}>{texts.home}</a>
        </li>
        {crumbs.map((crumb) => (
          <li>
            {crumb.path === undefined ? (
              <span aria-current="page">{crumb.label}</span>
            ) : (
              <a href={link(page, crumb.path)}>{crumb.label}</a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
