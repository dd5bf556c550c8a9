/**
 * Puts parts of a page that was fetched in place of the same parts of this one: `[data-part="price"]` by its name. What the
 * server says without scripts and what it says with them is therefore one markup.
 */

/** Fired on the document after a swap: islands inside are mounted then. */
export const SWAPPED = "holdfast:swapped";

const CART_LINK = "a[data-island=cart-link]";
const FLASH = "main > .notice:first-child";

export async function fetchPage(url: string | URL, init: RequestInit = {}): Promise<{ page: Document; response: Response }> {
  const response = await fetch(url, { ...init, headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { page, response };
}

export function partNames(root: ParentNode): string[] {
  return [...root.querySelectorAll<HTMLElement>("[data-part]")].map((part) => part.dataset["part"] ?? "");
}

/** @returns false, with nothing changed, when one of the parts stands only on one side. */
export function swapParts(page: Document, names: readonly string[]): boolean {
  const pairs = names.map((name) => [findPart(document, name), findPart(page, name)] as const);
  if (pairs.length === 0 || pairs.some(([here, there]) => here === null || there === null)) return false;
  keepingFocus(() => {
    for (const [here, there] of pairs) if (here !== null && there !== null) here.replaceChildren(...there.childNodes);
  });
  document.dispatchEvent(new Event(SWAPPED));
  return true;
}

/** What stands around the parts and may have changed with them: the header's cart, the message above the content. */
export function swapFrame(page: ParentNode): void {
  const cart = page.querySelector(CART_LINK);
  // The link itself stays: a drawer gives the focus back to it.
  if (cart !== null) document.querySelector(`header ${CART_LINK}`)?.replaceChildren(...cart.childNodes);
  document.querySelector(FLASH)?.remove();
  const flash = page.querySelector(FLASH);
  if (flash !== null) document.querySelector("main")?.prepend(flash);
}

/** The whole content, e.g. of an error page. */
export function swapContent(page: Document): void {
  const here = document.querySelector("main");
  const there = page.querySelector("main");
  if (here === null || there === null) return;
  here.replaceChildren(...there.childNodes);
  document.title = page.title;
  document.dispatchEvent(new Event(SWAPPED));
  here.focus();
}

function findPart(root: ParentNode, name: string): HTMLElement | null {
  return root.querySelector<HTMLElement>(`[data-part="${CSS.escape(name)}"]`);
}

/** Focus stays where it was, on the new element of the same id, choice or name. */
function keepingFocus(change: () => void): void {
  const focused = document.activeElement;
  const selector = focused instanceof HTMLElement ? selectorOf(focused) : undefined;
  const caret = focused instanceof HTMLInputElement ? focused.selectionStart : null;
  change();
  if (selector === undefined || focused?.isConnected === true) return;
  const next = document.querySelector<HTMLElement>(selector);
  next?.focus({ preventScroll: true });
  if (next instanceof HTMLInputElement && caret !== null) next.setSelectionRange(caret, caret);
}

function selectorOf(element: HTMLElement): string | undefined {
  const choice = element.dataset["variantChoice"];
  const name = element.getAttribute("name");
  if (element.id !== "") return `#${CSS.escape(element.id)}`;
  if (choice !== undefined) return `[data-variant-choice="${CSS.escape(choice)}"]`;
  if (name === null) return undefined;
  const value = element instanceof HTMLButtonElement ? `[value="${CSS.escape(element.value)}"]` : "";
  return `${element.localName}[name="${CSS.escape(name)}"]${value}`;
}
