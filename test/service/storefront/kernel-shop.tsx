/** A small shop in the real frame: pages that show what the kernel gives them. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Context } from "hono";
import * as z from "zod";
import { cachedPage } from "../../../workers/storefront/cached-page.ts";
import { CsrfField } from "../../../workers/storefront/components/csrf-field.tsx";
import type { StorefrontEnv, StorefrontHono } from "../../../workers/storefront/env.ts";
import { notFoundPage, unavailablePage } from "../../../workers/storefront/error-pages.tsx";
import { setFlash } from "../../../workers/storefront/flash.tsx";
import { freshMark } from "../../../workers/storefront/fresh-marks.ts";
import { ask } from "../../../workers/storefront/peers/ask.ts";
import { renderPage } from "../../../workers/storefront/render-page.tsx";
import { createShop } from "../../../workers/storefront/shop.ts";

const Thing = z.object({ title: z.string() });

async function thingPage(c: Context<StorefrontHono>): Promise<Response> {
  const name = c.req.param("name") ?? "";
  return await cachedPage(c, async (page) => {
    const answer = await ask(page, "CATALOG", { path: `/v1/things/${name}` }, Thing);
    if (!answer.ok) return answer.error.status === 404 ? notFoundPage(c) : unavailablePage(c, answer.error);
    return {
      options: { title: answer.value.title, jsonLd: [{ "@type": "Thing", name: answer.value.title }] },
      body: (
        <p>
          {answer.value.title} in {page.market.currency} at {page.path}
          {page.search} for {page.principal.capabilities.length} capabilities
        </p>
      ),
    };
  });
}

const app = createShop((shop) => {
  shop.get("/things/:name", thingPage);
  shop.get("/stocked", (c) =>
    cachedPage(
      c,
      async () => ({ options: { title: "Stocked" }, body: <p id="stock">{freshMark('stock "A&B"')}</p> }),
      async (page, keys) => new Map(keys.map((key) => [key, `<b>${key.length} for ${page.principal.capabilities.length}</b>`])),
    ),
  );
  shop.get("/form", (c) =>
    renderPage(
      c,
      { title: "Form" },
      <form method="post">
        <CsrfField page={c.var.page} />
      </form>,
    ),
  );
  shop.post("/form", (c) => {
    setFlash(c, "success", "Saved <b>it</b>");
    return c.redirect("/form", 303);
  });
  shop.post("/cart/lines", (c) => c.redirect("/cart", 303));
  shop.get("/broken", () => {
    throw new Error("a secret of ours");
  });
});

/** Background work of the request is done when this resolves. */
export async function fetchShop(request: Request): Promise<Response> {
  const ctx = createExecutionContext();
  const response = await app.fetch(request, env as unknown as StorefrontEnv, ctx);
  const body = await response.arrayBuffer();
  await waitOnExecutionContext(ctx);
  const empty = [204, 303, 302, 304, 308].includes(response.status);
  return new Response(empty ? null : body, response);
}
