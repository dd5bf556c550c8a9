/** The shop's one script. Every page works without it; it makes what is there quicker and keeps it true. */
import { openCartDrawers } from "./cart-drawer.ts";
import { copyText } from "./copy-text.ts";
import { guardForms } from "./guard-forms.ts";
import { holdCountdown } from "./hold-countdown.ts";
import { type Island, mountIslands, readTexts } from "./island.ts";
import { liveStock, pollStock } from "./live-stock.ts";
import { passkey } from "./passkey.ts";
import { refreshForm } from "./refresh-form.ts";
import { searchSuggestions } from "./search-suggestions.ts";
import { SWAPPED } from "./swap-parts.ts";
import { variantPicker } from "./variant-picker.ts";

const ISLANDS: Readonly<Record<string, Island>> = {
  "copy-text": copyText,
  "hold-countdown": holdCountdown,
  "live-stock": liveStock,
  passkey,
  "refresh-form": refreshForm,
  search: searchSuggestions,
  "variant-picker": variantPicker,
};

function start(): void {
  const texts = readTexts();
  if (texts === undefined) return;
  document.documentElement.classList.add("js");
  openCartDrawers(texts);
  mountIslands(ISLANDS, texts);
  // After the islands: a form that one of them sends is not the guard's.
  guardForms();
  pollStock();
  document.addEventListener(SWAPPED, () => mountIslands(ISLANDS, texts));
}

start();
