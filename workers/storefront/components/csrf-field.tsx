/** The visit's form token, for every form but those of cached pages. Pure. */
import type { PageContext } from "../page-context.ts";

export const CSRF_FIELD = "form_token";

export function CsrfField({ page }: { readonly page: Pick<PageContext, "csrfToken"> }) {
  return <input type="hidden" name={CSRF_FIELD} value={page.csrfToken} />;
}
