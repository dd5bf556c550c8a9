/**
 * Forms whose answer is this same page, changed: quantities in the cart, the country at checkout. The page that comes back
 * is the one that comes without scripts; only its named parts are put in place.
 */
import { isBusy, markBusy } from "./guard-forms.ts";
import type { Island } from "./island.ts";
import { showNotice } from "./show-notice.ts";
import { fetchPage, swapContent, swapFrame, swapParts } from "./swap-parts.ts";

/** Clicking through numbers sends the last one. */
const NUMBER_SETTLES_MS = 350;

export const refreshForm: Island = (element, texts, signal) => {
  const form = element as HTMLFormElement;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const change = ({ target }: Event) => {
    if (!(target instanceof HTMLElement) || !refreshesNow(target)) return;
    const settlesMs = target instanceof HTMLInputElement && target.type === "number" ? NUMBER_SETTLES_MS : 0;
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(form.querySelector<HTMLElement>("[data-refresh-button]")), settlesMs);
  };
  const submit = (event: SubmitEvent) => {
    const { submitter } = event;
    clearTimeout(timer);
    const refreshes = submitter?.dataset["refreshButton"] !== undefined || form.dataset["refreshAll"] !== undefined;
    if (!refreshes || event.defaultPrevented) return;
    event.preventDefault();
    // One that is on its way looks at the fields again when it is back.
    if (!isBusy(form)) refresh(form, submitter, signal).catch(() => showNotice(texts.failed));
  };
  form.addEventListener("change", change, { signal });
  form.addEventListener("submit", submit, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
};

async function refresh(form: HTMLFormElement, submitter: HTMLElement | null, signal: AbortSignal): Promise<void> {
  const release = markBusy(form, submitter);
  try {
    while (!signal.aborted) {
      const sent = new FormData(form, submitter);
      const { page, response } = await fetchPage(...requestOf(form, submitter, sent));
      const typed = typedSince(new FormData(form, submitter), sent);
      if (typed.some(([name]) => isDecisive(form, name))) continue;
      put(form, page, response, typed);
      return;
    }
  } finally {
    release();
  }
}

function put(form: HTMLFormElement, page: Document, response: Response, typed: readonly [string, string][]): void {
  if (swapParts(page, (form.dataset["refresh"] ?? "").split(" "))) {
    swapFrame(page);
    for (const [name, value] of typed) setValue(form, name, value);
  } else if (response.redirected) {
    location.assign(response.url);
  } else {
    swapContent(page);
  }
}

function requestOf(form: HTMLFormElement, submitter: HTMLElement | null, sent: FormData): [URL, RequestInit] {
  const url = new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);
  const body = new URLSearchParams([...sent].map(([name, value]) => [name, String(value)]));
  if (form.method === "post") return [url, { method: "POST", body }];
  url.search = String(body);
  return [url, {}];
}

/** What was typed while the answer was on its way. */
function typedSince(now: FormData, sent: FormData): [string, string][] {
  return [...now].flatMap(([name, value]): [string, string][] =>
    typeof value === "string" && sent.getAll(name).length === 1 && sent.get(name) !== value ? [[name, value]] : [],
  );
}

/** The answer to the earlier value is of no use. */
function isDecisive(form: HTMLFormElement, name: string): boolean {
  const field = form.elements.namedItem(name);
  const control = field instanceof RadioNodeList ? field[0] : field;
  return control instanceof HTMLElement && refreshesNow(control);
}

function refreshesNow(control: HTMLElement): boolean {
  return control.closest("[data-refresh-now]") !== null;
}

function setValue(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field !== null && "value" in field) field.value = value;
}
