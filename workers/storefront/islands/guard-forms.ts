/**
 * A form that is on its way is not sent again by a second click. The server tells repetitions apart by itself; this spares
 * the shopper the doubt. Buttons stay focusable and keep their value.
 */

/** When the answer never comes, e.g. after "stop": the form can be sent again. */
const RELEASE_AFTER_MS = 30_000;

const busy = new Map<HTMLFormElement, () => void>();

export function guardForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post" || form.dataset["noGuard"] !== undefined) return;
    if (busy.has(form)) event.preventDefault();
    else markBusy(form, event.submitter);
  });
  // Back to this page as it was left, buttons and all.
  addEventListener("pageshow", () => {
    for (const release of [...busy.values()]) release();
  });
}

export function isBusy(form: HTMLFormElement): boolean {
  return busy.has(form);
}

/** @returns what ends it. */
export function markBusy(form: HTMLFormElement, submitter: HTMLElement | null): () => void {
  const text = submitter?.textContent ?? "";
  const busyText = submitter?.dataset["busyText"];
  const timer = setTimeout(() => release(), RELEASE_AFTER_MS);
  const release = () => {
    clearTimeout(timer);
    busy.delete(form);
    submitter?.removeAttribute("aria-busy");
    if (submitter !== null && busyText !== undefined && submitter.textContent === busyText) submitter.textContent = text;
  };
  busy.set(form, release);
  submitter?.setAttribute("aria-busy", "true");
  if (submitter !== null && busyText !== undefined) submitter.textContent = busyText;
  return release;
}
