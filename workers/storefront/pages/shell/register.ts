/** Mounts what belongs to no area: files, health, documents for search engines, the way into a language, settings. */
import type { Hono } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { chooseLanguage } from "./choose-language.ts";
import { serveAsset, serveIcon } from "./serve-asset.ts";
import { serveManifest, serveRobots } from "./serve-documents.ts";
import { servePageSitemap, serveProductSitemap, serveSitemapIndex } from "./serve-sitemap.ts";

const ICONS = ["/favicon.ico", "/favicon.svg", "/icon-192.png", "/icon-512.png", "/icon-maskable-512.png"];

export function registerShellPages(app: Hono<StorefrontHono>): void {
  app.get("/healthz", (c) => c.json({ status: "ok", checks: {} }));
  app.get("/assets/:file", serveAsset);
  for (const path of ICONS) app.get(path, serveIcon);
  app.get("/robots.txt", serveRobots);
  app.get("/manifest.webmanifest", serveManifest);
  app.get("/sitemap.xml", serveSitemapIndex);
  app.get("/sitemap/pages.xml", servePageSitemap);
  app.get("/sitemap/products.xml", serveProductSitemap);
  app.get("/", chooseLanguage);
}
