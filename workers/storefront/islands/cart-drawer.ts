/**
 * The cart beside the page: what `form[data-drawer-form]` adds or changes is sent in the background, and the drawer shows
 * the cart as the server draws it. Whatever does not fit that ends on the page that comes without scripts.
 */
import { isBusy, markBusy } from "./guard-forms.ts";
import type { IslandTexts } from "./island.ts";
import { showNotice } from "./show-notice.ts";
import { SWAPPED, swapContent, swapFrame } from "./swap-parts.ts";

/** Asks for the drawer in place of the cart's page, also through a form's redirect to it, and marks an answer that is one. */
const FRAGMENT_HEADER = "x-fragment";
const FRAGMENT = "cart-drawer";

let drawer: HTMLDialogElement | undefined;

export function openCartDrawers(texts: IslandTexts): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset["drawerForm"] === undefined || event.defaultPrevented) return;
    event.preventDefault();
    if (isBusy(form)) return;
    const release = markBusy(form, event.submitter);
    const body = new URLSearchParams([...new FormData(form, event.submitter)].map(([name, value]) => [name, String(value)]));
    show(form.action, { method: "POST", body })
      .catch(() => showNotice(texts.failed))
      .finally(release);
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-island=cart-link]") : null;
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    // Where the cart is the page, or about to be paid, there is nothing to show beside it.
    if (document.body.matches(".page-cart, .page-checkout")) return;
    event.preventDefault();
    show(link.href).catch(() => location.assign(link.href));
  });
}

async function show(url: string, init: RequestInit = {}): Promise<void> {
  const response = await fetch(url, { ...init, headers: { accept: "text/html", [FRAGMENT_HEADER]: FRAGMENT } });
  const text = await response.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  if (response.headers.get(FRAGMENT_HEADER) === FRAGMENT) return fill(page);
  if (response.redirected) location.assign(response.url);
  else swapContent(page);
}

function fill(fragment: Document): void {
  // The header's cart as it is now comes along, so that its count is never another than the drawer's.
  swapFrame(fragment);
  const content = fragment.querySelector("[data-drawer]");
  if (content === null) return;
  const dialog = drawer ?? makeDrawer();
  drawer = dialog;
  const heading = content.querySelector("h2");
  if (heading !== null) dialog.setAttribute("aria-labelledby", heading.id);
  dialog.replaceChildren(content);
  if (!dialog.open) dialog.showModal();
  else if (!dialog.contains(document.activeElement)) heading?.focus();
  document.dispatchEvent(new Event(SWAPPED));
}

/** A modal dialog keeps the focus inside and gives it back by itself. */
function makeDrawer(): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.className = "cart-drawer";
  dialog.addEventListener("click", ({ target }) => {
    const outside = target === dialog;
    if (outside || (target instanceof Element && target.closest("[data-drawer-close]") !== null)) dialog.close();
  });
  document.body.append(dialog);
  return dialog;
}
