/** The texts of a page's language for its islands: the script itself holds none. Pure. */
import { raw } from "hono/html";
import { jsonForScript } from "../../layout/document-head.tsx";
import type { PageContext } from "../../page-context.ts";
import { liveTexts } from "../../texts/live.ts";

/** Stands once in the layout. It is data, so no script policy concerns it. */
export function IslandTexts({ page }: { readonly page: Pick<PageContext, "locale"> }) {
  const { drawer: _serverOnly, ...texts } = liveTexts(page.locale);
  return (
    <script type="application/json" id="island-texts">
      {raw(jsonForScript(texts))}
    </script>
  );
}
