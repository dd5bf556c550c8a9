/** Mounts the pages about the shop: delivery, returns, contact, privacy, terms, about. */
import type { Hono } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { STATIC_HANDLES } from "../../texts/static.ts";
import { showStaticPage } from "./static-page.tsx";

export function registerStaticPages(app: Hono<StorefrontHono>): void {
  for (const handle of STATIC_HANDLES) app.get(`/pages/${handle}`, (c) => showStaticPage(c, handle));
}
