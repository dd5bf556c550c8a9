/**
 * Where anonymous pages are kept: this isolate's memory, then the edge's cache. Memory knows a page by its address alone
 * and remembers under which catalogue version it was rendered, so that an outdated page can still stand in for a shop
 * that cannot render one. The edge knows it by build, version and address: old ones are never asked for again.
 */
import * as z from "zod";
import { BoundedStore } from "../shared/bounded-store.ts";
import { BUILD_ID } from "./assets.ts";
import { cutSkeleton, type Skeleton } from "./skeleton.ts";

export interface KeptPage {
  readonly skeleton: Skeleton;
  readonly version: number;
  readonly renderedAtMs: number;
  /** Younger: shown as it is. */
  readonly freshMs: number;
  /** Younger: shown while it is rendered again. */
  readonly staleMs: number;
}

/** How old an outdated page may be when nothing else can be shown. */
const STAND_IN_MS = 600_000;
/** Peers learn of a new version within a second: a page rendered sooner after the change may hold older facts. */
const SETTLING_MS = 1_500;

const store = new BoundedStore<KeptPage>(
  { entriesMax: 1_024, bytesMax: 24 * 1_048_576, entryBytesMax: 1_048_576 },
  ({ skeleton }) => 2 * skeleton.texts.reduce((sum, text) => sum + text.length, 0),
);

/**
 * `fresh`: show it. `stale`: show it and render it again meanwhile. `outdated`: show it only when rendering fails.
 * `gone`: as if it were not there. Pure.
 */
export type PageAge = "fresh" | "stale" | "outdated" | "gone";

export interface KnownCatalog {
  /** Undefined while the catalogue cannot be asked. */
  readonly version: number | undefined;
  /** When this isolate first saw that version. */
  readonly sinceMs: number;
}

export function pageAge(kept: Omit<KeptPage, "skeleton">, catalog: KnownCatalog, nowMs: number): PageAge {
  const ageMs = nowMs - kept.renderedAtMs;
  if (ageMs < 0 || ageMs >= Math.max(kept.staleMs, STAND_IN_MS)) return "gone";
  if (kept.version !== catalog.version || ageMs >= kept.staleMs) return "outdated";
  const settled = kept.renderedAtMs - catalog.sinceMs >= SETTLING_MS;
  return ageMs < (settled ? kept.freshMs : Math.min(kept.freshMs, SETTLING_MS)) ? "fresh" : "stale";
}

export function pageInMemory(address: string): KeptPage | undefined {
  return store.get(address);
}

/** @param catalog of which the version is known */
export async function pageAtEdge(address: string, version: number): Promise<KeptPage | undefined> {
  const answer = await caches.default.match(edgeKey(address, version)).catch(() => undefined);
  if (answer === undefined) return undefined;
  const parsed = EdgeHeaders.safeParse(Object.fromEntries(answer.headers));
  if (!parsed.success) return undefined;
  const { "x-marks": token, "x-rendered-at": renderedAtMs, "x-fresh": freshMs, "x-stale": staleMs } = parsed.data;
  const kept = { skeleton: cutSkeleton(await answer.text(), token), version, renderedAtMs, freshMs, staleMs };
  store.set(address, kept);
  return kept;
}

/** @param html with the marks of `token` @returns a promise to wait for after the answer */
export function keepPage(address: string, page: KeptPage, html: string, token: string): Promise<void> {
  store.set(address, page);
  const copy = new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": `public, max-age=${Math.ceil(page.staleMs / 1_000)}`,
      "x-marks": token,
      "x-rendered-at": String(page.renderedAtMs),
      "x-fresh": String(page.freshMs),
      "x-stale": String(page.staleMs),
    },
  });
  return caches.default.put(edgeKey(address, page.version), copy).catch(() => undefined);
}

const EdgeHeaders = z.looseObject({
  "x-marks": z.string().regex(/^[0-9a-f]{32}$/),
  "x-rendered-at": z.coerce.number(),
  "x-fresh": z.coerce.number(),
  "x-stale": z.coerce.number(),
});

function edgeKey(address: string, version: number): string {
  return `https://storefront-pages.holdfast.internal/${BUILD_ID}/${version}${address}`;
}
