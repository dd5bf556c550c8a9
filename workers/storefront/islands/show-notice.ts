/** A short message over the page, read aloud, gone after a while: for what the server could not be told. */
const SHOWN_MS = 8_000;

export function showNotice(text: string): void {
  const notice = document.createElement("p");
  notice.className = "island-notice";
  notice.setAttribute("role", "alert");
  // A dialog that is open stands above everything else of the page.
  (document.querySelector("dialog[open]") ?? document.body).append(notice);
  notice.textContent = text;
  setTimeout(() => notice.remove(), SHOWN_MS);
}
