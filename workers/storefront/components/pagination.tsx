/** Previous and next page of a list. Pure. */
import { link, type PageContext } from "../page-context.ts";
import { shellTexts } from "../texts/shell.ts";

interface PaginationProps {
  readonly page: Pick<PageContext, "locale">;
  /** Paths with query, without the language's prefix. */
  readonly previous?: string | null | undefined;
  readonly next?: string | null | undefined;
}

export function Pagination({ page, previous, next }: PaginationProps) {
  const texts = shellTexts(page.locale);
  if (previous == null && next == null) return null;
  return (
    <nav class="pagination" aria-label={texts.pages}>
      {previous == null ? null : (
        <a class="button button-secondary" rel="prev" href={link(page, previous)}>
          {texts.previousPage}
        </a>
      )}
      {next == null ? null : (
        <a class="button button-secondary" rel="next" href={link(page, next)}>
          {texts.nextPage}
        </a>
      )}
    </nav>
  );
}
