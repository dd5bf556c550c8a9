/**
 * Sitemaps: an index, the pages and categories, and the products in files of a thousand. A file is named by the handle that
 * it begins after, so that none needs to count what stands before it. Each address names its other languages.
 * Source: https://www.sitemaps.org/protocol.html, https://developers.google.com/search/docs/specialty/international
 */
import type { Context } from "hono";
import type { ListedHandle } from "../../../catalog/contract.ts";
import { guarded, release } from "../../../shared/call-peer.ts";
import { isoTime } from "../../../shared/clock.ts";
import { LOCALE_DEFAULT, LOCALES, localePath } from "../../../shared/locales.ts";
import { configuration } from "../../configuration.ts";
import type { StorefrontEnv, StorefrontHono } from "../../env.ts";
import { allCategories } from "../../peers/categories.ts";
import { STATIC_HANDLES } from "../../texts/static.ts";

const PRODUCTS_PER_FILE = 1_000;
const HANDLES_PER_CALL = 5_000;
/** An index names at most 50,000 files; a shop of this many products needs another design first. */
const FILES_MAX = 1_000;
const HANDLE_LENGTH_MAX = 255;
const DEADLINE_MS = 8_000;
const CACHE_CONTROL = "public, max-age=3600";

export async function serveSitemapIndex(c: Context<StorefrontHono>): Promise<Response> {
  const starts = await productFileStarts(c.env);
  const files = ["/sitemap/pages.xml", ...starts.map((after) => `/sitemap/products.xml?after=${encodeURIComponent(after)}`)];
  const entries = files.map((path) => `<sitemap><loc>${xml(configuration.publicOrigin + path)}</loc></sitemap>`);
  return answer(c, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries.join("")}</sitemapindex>`);
}

export async function servePageSitemap(c: Context<StorefrontHono>): Promise<Response> {
  const categories = await allCategories(c.var.page);
  const paths = [
    "/",
    ...categories.map(({ handle }) => `/categories/${encodeURIComponent(handle)}`),
    ...STATIC_HANDLES.map((handle) => `/pages/${handle}`),
  ];
  return answer(c, urlSet(paths.map((path) => ({ path }))));
}

export async function serveProductSitemap(c: Context<StorefrontHono>): Promise<Response> {
  const after = (c.req.query("after") ?? "").slice(0, HANDLE_LENGTH_MAX);
  const handles = await listHandles(c.env, after, PRODUCTS_PER_FILE);
  const places = handles.map(({ handle, updatedAtMs }) => ({ path: `/products/${encodeURIComponent(handle)}`, updatedAtMs }));
  return answer(c, urlSet(places));
}

/** The handle before the first of each file. */
async function productFileStarts(env: StorefrontEnv): Promise<string[]> {
  const starts: string[] = [];
  let after = "";
  while (starts.length < FILES_MAX) {
    const handles = await listHandles(env, after, HANDLES_PER_CALL);
    for (let index = 0; index < handles.length; index += PRODUCTS_PER_FILE) {
      starts.push(index === 0 ? after : (handles[index - 1]?.handle ?? after));
    }
    const last = handles.at(-1);
    if (handles.length < HANDLES_PER_CALL || last === undefined) break;
    after = last.handle;
  }
  return starts;
}

async function listHandles(env: StorefrontEnv, after: string, limit: number): Promise<readonly ListedHandle[]> {
  const policy = { service: "catalog", deadlineMs: DEADLINE_MS, retries: 1, retryTimeouts: false };
  return await guarded(policy, async () => release(await env.CATALOG.listHandles(after, limit)));
}

interface Place {
  readonly path: string;
  readonly updatedAtMs?: number;
}

function urlSet(places: readonly Place[]): string {
  const urls = places.flatMap((place) => {
    const alternates = LOCALES.map((locale) => alternate(locale, localePath(locale, place.path))).join("");
    const others = alternates + alternate("x-default", localePath(LOCALE_DEFAULT, place.path));
    const changed = place.updatedAtMs === undefined ? "" : `<lastmod>${isoTime(place.updatedAtMs)}</lastmod>`;
    return LOCALES.map((locale) => `<url><loc>${location(localePath(locale, place.path))}</loc>${changed}${others}</url>`);
  });
  const spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"';
  return `<urlset ${spaces}>${urls.join("")}</urlset>`;
}

function alternate(language: string, path: string): string {
  return `<xhtml:link rel="alternate" hreflang="${language}" href="${location(path)}"/>`;
}

function location(path: string): string {
  return xml(configuration.publicOrigin + path);
}

function xml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}

function answer(c: Context<StorefrontHono>, document: string): Response {
  const headers = { "content-type": "application/xml; charset=utf-8", "cache-control": CACHE_CONTROL };
  return c.body(`<?xml version="1.0" encoding="UTF-8"?>${document}`, 200, headers);
}
