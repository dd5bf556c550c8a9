/** The built files. Their names change with their content, so that a browser asks for each of them once. */
import type { Context } from "hono";
import { assetAt } from "../../assets.ts";
import type { StorefrontHono } from "../../env.ts";

const FOREVER = "public, max-age=31536000, immutable";
/** Icons keep their names. */
const A_DAY = "public, max-age=86400, stale-while-revalidate=604800";

export function serveAsset(c: Context<StorefrontHono>): Response | Promise<Response> {
  return serve(c, FOREVER);
}

export function serveIcon(c: Context<StorefrontHono>): Response | Promise<Response> {
  return serve(c, A_DAY);
}

function serve(c: Context<StorefrontHono>, cacheControl: string): Response | Promise<Response> {
  const asset = assetAt(c.req.path);
  if (asset === undefined) return c.notFound();
  const headers = { "content-type": asset.type, "cache-control": cacheControl };
  if (asset.brotli === undefined) return new Response(asset.body, { headers });
  const varied = { ...headers, vary: "accept-encoding" };
  if (!takesBrotli(c.req.header("accept-encoding"))) return new Response(asset.body, { headers: varied });
  return new Response(asset.brotli, { headers: { ...varied, "content-encoding": "br" }, encodeBody: "manual" });
}

function takesBrotli(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? "").split(",").some((coding) => /^\s*br\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/.test(coding));
}
