/** The frame that every page of the shop passes through; the pages themselves are mounted by whoever calls. */
import { Hono } from "hono";
import { splitLocale } from "../shared/locales.ts";
import { logger } from "../shared/telemetry.ts";
import { refuseForeignForms } from "./csrf.ts";
import type { StorefrontHono } from "./env.ts";
import { brokenPage, notFoundPage } from "./error-pages.tsx";
import { openPage } from "./open-page.ts";
import { registerShellPages } from "./pages/shell/register.ts";
import { saveSettings } from "./pages/shell/settings.ts";
import { pagePolicy, REFERRER_POLICY } from "./security-policy.ts";
import { tidyAddress } from "./tidy-address.ts";

/** Routes are written without a language's prefix; the app takes it off before it matches. */
export function createShop(mount: (app: Hono<StorefrontHono>) => void): Hono<StorefrontHono> {
  const app = new Hono<StorefrontHono>({ getPath: (request) => splitLocale(new URL(request.url).pathname).path });
  app.use(async (c, next) => {
    c.set("page", openPage(c));
    await next();
    if (c.res.headers.get("content-type")?.startsWith("text/html") !== true) return;
    if (!c.res.headers.has("content-security-policy")) c.header("content-security-policy", pagePolicy(c.var.page.nonce));
    c.header("referrer-policy", REFERRER_POLICY);
  });
  app.onError(async (error, c) => {
    logger("storefront", c.var.page.call).error("page_failed", error, { method: c.req.method, path: c.req.path });
    return await brokenPage(c);
  });
  app.notFound((c) => notFoundPage(c));

  app.use(tidyAddress);
  registerShellPages(app);
  app.use(refuseForeignForms());
  app.post("/settings", saveSettings);
  mount(app);
  return app;
}
