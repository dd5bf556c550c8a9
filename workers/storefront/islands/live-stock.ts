/** Live stock: the words of a stock line and the button of its SKU follow what is really there. */
import type { Island } from "./island.ts";
import { type FeedBrowser, type FeedSocket, StockFeed } from "./stock-feed.ts";
import { isBuyable, type Level, stockBand, stockText } from "./stock-text.ts";
import { fetchPage, partNames, swapParts } from "./swap-parts.ts";

/** The parts of a product's or the cart's page that tell what can be bought. */
const OFFER_PARTS = ["options", "stock", "buy", "cart"];
/** Cart lines are asked together, this often. */
const POLL_MS = 15_000;

const browser: FeedBrowser = {
  open: openSocket,
  ask: async (sku) => (await askLevels([sku])).get(sku),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** At most so often the page is asked again because something sold out or came back. */
const REFRESH_MIN_MS = 5_000;

export const liveStock: Island = (line, texts, signal) => {
  const { sku = "", mode, wanted = "0" } = line.dataset;
  const show = (level: Level) => {
    const before = line.dataset["band"];
    const text = stockText(texts, level, Number(wanted));
    const now = stockBand(level, Number(wanted));
    line.dataset["band"] = now;
    // The same words again would be read aloud again.
    if (line.textContent !== text) line.textContent = text;
    for (const button of buyButtons(sku)) setBuyable(button, isBuyable(level), texts.stock.out);
    if (kindOfOffer(before) !== kindOfOffer(now)) refreshOfferSoon();
  };
  if (mode === "poll") {
    polled.set(line, { sku, show });
    signal.addEventListener("abort", () => polled.delete(line));
    return;
  }
  const feed = new StockFeed(browser, sku, show);
  whileVisible(
    () => feed.start(),
    () => feed.stop(),
    signal,
  );
};

/** What the button says and the page advises depends on this, and the server says it best. */
function kindOfOffer(band: string | undefined): string | undefined {
  return band === "low" ? "in" : band;
}

let refreshedAtMs = Number.NEGATIVE_INFINITY;
let refreshTimer: ReturnType<typeof setTimeout> | undefined;

function refreshOfferSoon(): void {
  const delayMs = Math.max(0, refreshedAtMs + REFRESH_MIN_MS - performance.now());
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(() => void refreshOffer(), delayMs);
}

async function refreshOffer(): Promise<void> {
  const names = OFFER_PARTS.filter((name) => partNames(document).includes(name));
  if (names.length === 0) return;
  refreshedAtMs = performance.now();
  // Without an answer the button alone is right, which is what counts.
  const answer = await fetchPage(ownAddress()).catch(() => undefined);
  if (answer?.response.ok === true) swapParts(answer.page, names);
}

/** With the variant that is shown: without one the server would choose another that is not sold out. */
function ownAddress(): string {
  return document.querySelector<HTMLAnchorElement>("a[data-variant-choice][aria-current=true]")?.href ?? location.href;
}

const polled = new Map<HTMLElement, { readonly sku: string; readonly show: (level: Level) => void }>();

/** Asks for all polled lines of the page at once, as long as somebody looks at it. */
export function pollStock(): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const poll = async () => {
    if (polled.size === 0) return;
    const levels = await askLevels([...new Set([...polled.values()].map(({ sku }) => sku))]).catch(
      () => new Map<string, Level>(),
    );
    for (const { sku, show } of polled.values()) {
      const level = levels.get(sku);
      if (level !== undefined) show(level);
    }
  };
  whileVisible(
    () => {
      void poll();
      timer = setInterval(poll, POLL_MS);
    },
    () => clearInterval(timer),
  );
}

function whileVisible(start: () => void, stop: () => void, signal?: AbortSignal): void {
  const follow = () => (document.visibilityState === "visible" ? start() : stop());
  document.addEventListener("visibilitychange", follow, signal === undefined ? {} : { signal });
  signal?.addEventListener("abort", stop);
  follow();
}

async function askLevels(skus: readonly string[]): Promise<Map<string, Level>> {
  const query = new URLSearchParams(skus.slice(0, 100).map((sku) => ["sku", sku]));
  const response = await fetch(`/v1/availability?${query}`, { credentials: "omit" });
  if (!response.ok) throw new Error(`availability answered ${response.status}`);
  const { items } = (await response.json()) as { items: (Level & { sku: string })[] };
  return new Map(items.map((item) => [item.sku, item]));
}

function openSocket(sku: string, onMessage: (data: unknown) => void, onClose: () => void): FeedSocket {
  const socket = new WebSocket(feedUrl(sku));
  const ending = new AbortController();
  socket.addEventListener("message", ({ data }) => onMessage(data), { signal: ending.signal });
  socket.addEventListener("close", onClose, { signal: ending.signal });
  return {
    send: (data) => socket.send(data),
    close: () => {
      ending.abort();
      socket.close();
    },
  };
}

function feedUrl(sku: string): string {
  const url = new URL(`/v1/stock-feed?sku=${encodeURIComponent(sku)}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

function buyButtons(sku: string): HTMLButtonElement[] {
  return [...document.querySelectorAll<HTMLButtonElement>(`[data-buy-sku="${CSS.escape(sku)}"]`)];
}

function setBuyable(button: HTMLButtonElement, buyable: boolean, soldOut: string): void {
  button.disabled = !buyable;
  button.textContent = buyable ? (button.dataset["buyLabel"] ?? button.textContent) : soldOut;
}
