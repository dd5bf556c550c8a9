/** What an app may do, in words. Pure. */
import type { CustomerScope } from "../../../shared/principal.ts";
import type { PageContext } from "../../page-context.ts";
import { appTexts } from "../../texts/apps.ts";

interface ScopeListProps {
  readonly page: Pick<PageContext, "locale">;
  readonly scopes: readonly CustomerScope[];
}

export function ScopeList({ page, scopes }: ScopeListProps) {
  const texts = appTexts(page.locale).scopes;
  return (
    <ul class="point-list">
      {scopes.map((scope) => (
        <li>{texts[scope]}</li>
      ))}
    </ul>
  );
}
