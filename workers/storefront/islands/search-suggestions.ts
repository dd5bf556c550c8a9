/**
 * Suggestions under a search field: an ARIA combobox whose list is never in the way. Enter without a choice searches, as
 * without scripts.
 */
import { fillText } from "./fill-text.ts";
import type { Island, IslandTexts } from "./island.ts";
import { movedActive, type Suggestion, suggestionsOf } from "./suggestions.ts";

const DEBOUNCE_MS = 120;
const SUGGESTIONS = "/v1/search/suggestions";
const SUGGESTIONS_MAX = 8;
/** Typing back and forth asks once. */
const ANSWERS_MAX = 60;

export const searchSuggestions: Island = (element, texts, signal) => {
  const input = element.querySelector<HTMLInputElement>('input[name="q"]');
  if (input !== null) new Combobox(element, input, texts).listen(signal);
};

class Combobox {
  readonly #form: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #texts: IslandTexts;
  readonly #list = document.createElement("ul");
  readonly #status = document.createElement("p");
  readonly #answers = new Map<string, readonly Suggestion[]>();
  #active = -1;
  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(form: HTMLElement, input: HTMLInputElement, texts: IslandTexts) {
    this.#form = form;
    this.#input = input;
    this.#texts = texts;
    this.#list.id = `${input.id}-suggestions`;
    this.#list.className = "suggestions";
    this.#list.hidden = true;
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", texts.suggestions.label);
    this.#status.className = "visually-hidden";
    this.#status.setAttribute("role", "status");
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.#list.id,
    })) {
      input.setAttribute(name, value);
    }
    form.append(this.#list, this.#status);
  }

  listen(signal: AbortSignal): void {
    this.#input.addEventListener("input", () => this.#type(), { signal });
    this.#input.addEventListener("keydown", (event) => this.#press(event), { signal });
    // The field keeps the focus while the list is clicked.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("click", (event) => this.#click(event), { signal });
    this.#form.addEventListener("focusout", () => this.#close(), { signal });
  }

  #type(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#timer = setTimeout(() => void this.#suggest(), DEBOUNCE_MS);
  }

  async #suggest(): Promise<void> {
    const query = this.#input.value.trim();
    if (query === "") return this.#close();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    // Without an answer the field is a plain search field.
    const found = this.#answers.get(query) ?? (await ask(query, signal).catch(() => undefined));
    if (found === undefined || signal.aborted || document.activeElement !== this.#input) return;
    if (this.#answers.size >= ANSWERS_MAX) this.#answers.clear();
    this.#answers.set(query, found);
    this.#show(found);
  }

  #show(found: readonly Suggestion[]): void {
    this.#list.replaceChildren(...found.map((suggestion, index) => this.#option(suggestion, index)));
    this.#activate(-1);
    this.#open(found.length > 0);
    const { count, none } = this.#texts.suggestions;
    this.#status.textContent = found.length === 0 ? none : fillText(count, { n: found.length });
  }

  #option({ title, path, image, category }: Suggestion, index: number): HTMLElement {
    const option = document.createElement("li");
    option.id = `${this.#list.id}-${index}`;
    option.setAttribute("role", "option");
    option.dataset["path"] = path;
    const picture = document.createElement(image === null ? "span" : "img");
    if (picture instanceof HTMLImageElement && image !== null) {
      Object.assign(picture, { src: image, alt: "", width: 40, height: 40 });
    }
    picture.className = "suggestion-picture";
    option.append(picture, title);
    if (category) option.append(kindOf(this.#texts.suggestions.category));
    return option;
  }

  #press(event: KeyboardEvent): void {
    // Keys that compose a character, e.g. in Japanese, are not for the list.
    if (event.isComposing || this.#list.hidden) return;
    const count = this.#list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#activate(movedActive(this.#active, count, event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && this.#active >= 0) {
      follow(this.#list.children[this.#active]);
    } else if (event.key === "Escape") {
      this.#close();
    } else {
      return;
    }
    event.preventDefault();
  }

  #click({ target }: MouseEvent): void {
    if (target instanceof Element) follow(target.closest("[role=option]"));
  }

  #activate(index: number): void {
    this.#active = index;
    [...this.#list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    const active = this.#list.children[index];
    if (active === undefined) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", active.id);
  }

  #open(open: boolean): void {
    this.#list.hidden = !open;
    this.#input.setAttribute("aria-expanded", String(open));
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#activate(-1);
    this.#open(false);
  }
}

async function ask(query: string, signal: AbortSignal): Promise<Suggestion[]> {
  const url = `${SUGGESTIONS}?${new URLSearchParams({ q: query, limit: String(SUGGESTIONS_MAX) })}`;
  // Without cookies the answer may come from a cache near by.
  const response = await fetch(url, { credentials: "omit", signal });
  if (!response.ok) throw new Error(`suggestions answered ${response.status}`);
  return suggestionsOf(await response.json(), document.body.dataset["prefix"] ?? "");
}

function kindOf(text: string): HTMLElement {
  const kind = document.createElement("span");
  kind.className = "suggestion-kind";
  kind.textContent = text;
  return kind;
}

function follow(option: Element | null | undefined): void {
  const path = option instanceof HTMLElement ? option.dataset["path"] : undefined;
  if (path !== undefined) location.assign(path);
}
