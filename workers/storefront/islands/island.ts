/** Brings server markup to life: each `[data-island="name"]` is mounted once and let go when it leaves the page. */
import type { LiveTexts } from "../texts/live.ts";

/** What the page carries of the texts; the cart drawer's stay on the server. */
export type IslandTexts = Omit<LiveTexts, "drawer">;

/** Listeners and connections end with `signal`. */
export type Island = (element: HTMLElement, texts: IslandTexts, signal: AbortSignal) => void;

const mounted = new Map<HTMLElement, AbortController>();

/** Mounts what is new on the page and lets go of what is gone. Called at start and after every swap. */
export function mountIslands(islands: Readonly<Record<string, Island>>, texts: IslandTexts): void {
  for (const [element, controller] of mounted) {
    if (element.isConnected) continue;
    controller.abort();
    mounted.delete(element);
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-island]")) {
    const island = islands[element.dataset["island"] ?? ""];
    if (island === undefined || mounted.has(element)) continue;
    const controller = new AbortController();
    mounted.set(element, controller);
    island(element, texts, controller.signal);
  }
}

/** Undefined on a page without the texts, e.g. an error page of another service. */
export function readTexts(): IslandTexts | undefined {
  const text = document.getElementById("island-texts")?.textContent;
  return text == null ? undefined : (JSON.parse(text) as IslandTexts);
}
