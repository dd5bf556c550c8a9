/** Public answers of the catalogue: kept in the isolate, and revalidated everywhere by the catalogue's version. */
import { namesEntityTag } from "../shared/entity-tag.ts";
import type { ServiceContext } from "../shared/http.ts";
import type { Env } from "./env.ts";
import { answers, catalogVersion, isCurrentVersion } from "./hot-catalog.ts";

/** Edges keep an answer briefly and revalidate by its version; browsers always ask. */
const CACHE_CONTROL = "public, max-age=0, s-maxage=5, stale-while-revalidate=30";

/** For `responses:` of a route that answers so. */
export const NOT_MODIFIED = { 304: { description: "Unchanged since the `etag` that was sent as `if-none-match`" } };

/** Serves the answer kept under `key`, or makes and keeps it. The URL and the version determine every byte of it. */
export async function keptAnswer(c: ServiceContext<Env>, key: string, make: () => Promise<unknown>): Promise<never> {
  const version = await catalogVersion(c.env.DATABASE);
  const etag = `W/"${version}"`;
  const headers = { "cache-control": CACHE_CONTROL, etag, "x-catalog-version": String(version) };
  const kept = answers.get(key);
  if (kept === undefined || !namesEntityTag(c.req.header("if-none-match"), etag)) {
    const body = kept ?? JSON.stringify(await make());
    if (kept === undefined && isCurrentVersion(version)) answers.set(key, body, body.length + key.length);
    return new Response(body, { headers: { ...headers, "content-type": "application/json" } }) as never;
  }
  return new Response(null, { status: 304, headers }) as never;
}
