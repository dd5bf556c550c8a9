/**
 * Choosing a colour or size without leaving the page: each choice is a link to the variant's own page, which is fetched
 * (ahead, when pointed at) and whose parts replace this page's. When that fails the link is simply followed.
 */
import type { Island } from "./island.ts";
import { fetchPage, partNames, swapParts } from "./swap-parts.ts";

/** Pages kept; a product has few variants that anyone looks at. */
const PAGES_MAX = 24;

export const variantPicker: Island = (picker, _texts, signal) => {
  const pages = new Map<string, Promise<Document>>();
  let chosen = 0;

  const load = (href: string): Promise<Document> => {
    const known = pages.get(href);
    if (known !== undefined) return known;
    const oldest = pages.keys().next();
    if (pages.size >= PAGES_MAX && oldest.done === false) pages.delete(oldest.value);
    const loading = fetchPage(href, { signal }).then(({ page, response }) => {
      if (!response.ok) throw new Error(`the variant's page answered ${response.status}`);
      return page;
    });
    loading.catch(() => pages.delete(href));
    pages.set(href, loading);
    return loading;
  };

  const choose = async (href: string) => {
    chosen += 1;
    const turn = chosen;
    picker.setAttribute("aria-busy", "true");
    try {
      const page = (await load(href)).cloneNode(true) as Document;
      if (turn !== chosen) return;
      if (
        !swapParts(
          page,
          partNames(page).filter((name) => partNames(document).includes(name)),
        )
      )
        throw new Error("no parts");
      history.replaceState(history.state, "", href);
      document.title = page.title;
    } catch {
      if (turn === chosen && !signal.aborted) location.assign(href);
    }
    if (turn === chosen) picker.removeAttribute("aria-busy");
  };

  const ahead = ({ target }: Event) => {
    const link = choiceOf(target);
    if (link !== null) load(link.href).catch(() => undefined);
  };
  picker.addEventListener("pointerover", ahead, { signal });
  picker.addEventListener("focusin", ahead, { signal });
  picker.addEventListener(
    "click",
    (event) => {
      const link = choiceOf(event.target);
      if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      void choose(link.href);
    },
    { signal },
  );
};

function choiceOf(target: EventTarget | null): HTMLAnchorElement | null {
  return target instanceof Element ? target.closest<HTMLAnchorElement>("a[data-variant-choice]") : null;
}
