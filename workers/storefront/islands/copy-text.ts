/** A button that copies the text of the element that it names. Hidden where nothing can be copied. */
import type { Island } from "./island.ts";

export const copyText: Island = (button, _texts, signal) => {
  const { from, copied } = button.dataset;
  const source = document.getElementById(from ?? "");
  if (source === null || navigator.clipboard === undefined) return;
  button.hidden = false;
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  button.parentElement?.append(status);
  button.addEventListener(
    "click",
    async () => {
      const lines = [...source.children].map((line) => line.textContent);
      await navigator.clipboard.writeText(lines.join("\n")).then(
        () => {
          status.textContent = copied ?? "";
        },
        () => source.focus(),
      );
    },
    { signal },
  );
};
