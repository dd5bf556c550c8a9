/** What crawlers and home screens read. */
import type { Context } from "hono";
import { LOCALES, localePath } from "../../../shared/locales.ts";
import { configuration } from "../../configuration.ts";
import type { StorefrontHono } from "../../env.ts";
import { shellTexts } from "../../texts/shell.ts";

const AN_HOUR = "public, max-age=3600";
/** Nothing there is for search engines, and each visit would cost a cart or a token. */
const DISALLOWED = ["/cart", "/checkout", "/account", "/orders/", "/settings"];

export function serveRobots(c: Context<StorefrontHono>): Response {
  const paths = LOCALES.flatMap((locale) => DISALLOWED.map((path) => localePath(locale, path)));
  const lines = [
    "User-agent: *",
    ...paths.map((path) => `Disallow: ${path}`),
    "Disallow: /v1/",
    "",
    `Sitemap: ${configuration.publicOrigin}/sitemap.xml`,
    "",
  ];
  return c.text(lines.join("\n"), 200, { "cache-control": AN_HOUR });
}

export function serveManifest(c: Context<StorefrontHono>): Response {
  const manifest = {
    id: "/",
    name: configuration.shopName,
    short_name: configuration.shopName.split(" ")[0],
    description: shellTexts("en").description,
    lang: "en",
    dir: "ltr",
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: "#ffffff",
    theme_color: "#0a5964",
    categories: ["shopping"],
    icons: [
      { src: "/favicon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  };
  return c.body(JSON.stringify(manifest), 200, { "content-type": "application/manifest+json", "cache-control": AN_HOUR });
}
