/**
 * `/docs`: Scalar's page over `/openapi.json`. Everything it loads comes from this origin: no CDN, no web fonts, no
 * telemetry, and a policy that says so to the browser.
 */
import { Scalar } from "@scalar/hono-api-reference";
import { Hono, type Env as HonoEnv } from "hono";
import { problemResponse } from "../shared/problem.ts";
import type { DocsEnv } from "./env.ts";

const SCRIPT_PATH = "/docs/standalone.js";
/** The name stays the same between releases, so that the script is asked for again by its etag after a day. */
const SCRIPT_CACHE = "public, max-age=86400, stale-while-revalidate=604800";

/** Scalar writes its styles and sample requests into the page; scripts run only with this page's nonce. */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src blob:",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

interface DocsHono extends HonoEnv {
  Bindings: DocsEnv;
  Variables: { nonce: string };
}

export const app = new Hono<DocsHono>();

app.get(
  "/docs",
  async (c, next) => {
    const nonce = crypto.getRandomValues(new Uint8Array(16)).toBase64();
    c.set("nonce", nonce);
    await next();
    c.header("content-security-policy", pagePolicy(nonce));
  },
  Scalar<DocsHono>((c) => ({
    pageTitle: "Holdfast API",
    url: "/openapi.json",
    cdn: SCRIPT_PATH,
    nonce: c.var.nonce,
    theme: "default",
    withDefaultFonts: false,
    telemetry: false,
    showDeveloperTools: "never",
    hideClientButton: true,
    agent: { disabled: true },
    mcp: { disabled: true },
  })),
);

app.get(SCRIPT_PATH, async (c) => {
  const asset = await c.env.ASSETS.fetch(new Request(new URL("/standalone.js", c.req.url), c.req.raw));
  const response = new Response(asset.body, asset);
  response.headers.set("cache-control", SCRIPT_CACHE);
  return response;
});

app.notFound((c) =>
  problemResponse({ status: 404, code: "not_found", detail: `There is nothing at ${c.req.method} ${c.req.path}.` }),
);
