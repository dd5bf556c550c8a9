/**
 * A picture in the asked width and the best format: from the edge's cache, else from the bucket, else made. Whatever is
 * missing, broken or away ends in a drawn placeholder, never in an error that shows as a torn icon.
 */
import { systemClock } from "../shared/clock.ts";
import { namesEntityTag } from "../shared/entity-tag.ts";
import { type CallContext, logger } from "../shared/telemetry.ts";
import { VariantQueue } from "./make-later.ts";
import { VariantMaker, type VariantOrder } from "./make-variant.ts";
import type { Formats, Width } from "./negotiate-variant.ts";
import { readPicture, variantName } from "./picture-store.ts";
import { pictureVersions } from "./picture-versions.ts";
import { placeholderResponse } from "./placeholder.ts";

/** With `v=` in its address a picture never changes. */
const CACHE_VERSIONED = "public, max-age=31536000, immutable";
/** Without, a browser shows what it has and looks behind the shopper's back for what is new. */
const CACHE_UNVERSIONED = "public, max-age=3600, stale-while-revalidate=604800";
const CACHE_NOT = "no-store";
/** A stand-in gives way to the better format soon. */
const CACHE_MEANWHILE = "public, max-age=60";
/** The edge keeps variants by the version in their name: they never change. */
const EDGE_CACHE_CONTROL = "public, max-age=31536000";

const maker = new VariantMaker(systemClock);
const later = new VariantQueue(systemClock);

export interface PictureRequest {
  readonly key: string;
  readonly width: Width;
  readonly formats: Formats;
  /** The address names a version of the picture. */
  readonly versioned: boolean;
  readonly ifNoneMatch: string | null;
  readonly context: CallContext;
}

interface ServingBindings {
  readonly IMAGES: ImagesBinding;
  readonly ORIGINALS: R2Bucket;
}

export async function servePicture(bindings: ServingBindings, ctx: ExecutionContext, asked: PictureRequest): Promise<Response> {
  try {
    const version = await pictureVersions.version(asked.key, systemClock.now(), async () => {
      return (await readPicture(bindings.ORIGINALS, asked.key))?.version ?? null;
    });
    if (version === null) return placeholderResponse(asked.key);
    return await serveVersion(bindings, ctx, asked, version);
  } catch (error) {
    logger("media", asked.context).error("picture_failed", error, { key: asked.key });
    return placeholderResponse(asked.key, CACHE_NOT);
  }
}

async function serveVersion(
  bindings: ServingBindings,
  ctx: ExecutionContext,
  asked: PictureRequest,
  version: string,
): Promise<Response> {
  const { key, width, formats, versioned } = asked;
  const best: VariantOrder = { key, version, variant: { width, format: formats.best } };
  const cacheControl = versioned ? CACHE_VERSIONED : CACHE_UNVERSIONED;
  const kept = await findVariant(bindings, ctx, best);
  if (kept !== undefined) return variantResponse(asked, best, kept, cacheControl);
  if (formats.meanwhile === null) return await makeNow(bindings, ctx, asked, best, cacheControl);

  makeLater(bindings, ctx, best);
  const quick: VariantOrder = { ...best, variant: { width, format: formats.meanwhile } };
  const stored = await findVariant(bindings, ctx, quick);
  if (stored !== undefined) return variantResponse(asked, quick, stored, CACHE_MEANWHILE);
  return await makeNow(bindings, ctx, asked, quick, CACHE_MEANWHILE);
}

interface Found {
  readonly body: ReadableStream | ArrayBuffer | null;
  /** Where it was, for `x-cache`. */
  readonly place: "hit" | "stored" | "made";
}

/** At the edge, or in the bucket, where another isolate has put it. */
async function findVariant(bindings: ServingBindings, ctx: ExecutionContext, order: VariantOrder): Promise<Found | undefined> {
  const cached = await caches.default.match(edgeKeyOf(order));
  if (cached !== undefined) return { body: cached.body, place: "hit" };
  const stored = await bindings.ORIGINALS.get(variantName(order.key, order.version, order.variant));
  if (stored === null) return undefined;
  const bytes = await stored.arrayBuffer();
  ctx.waitUntil(keepAtEdge(order, bytes));
  return { body: bytes, place: "stored" };
}

async function makeNow(
  bindings: ServingBindings,
  ctx: ExecutionContext,
  asked: PictureRequest,
  order: VariantOrder,
  cacheControl: string,
): Promise<Response> {
  const made = await maker.make(bindings, order, (work) => ctx.waitUntil(work));
  if (made.ok) {
    ctx.waitUntil(keepAtEdge(order, made.value));
    return variantResponse(asked, order, { body: made.value, place: "made" }, cacheControl);
  }
  const { code, reason } = made.error;
  if (code === "gone") pictureVersions.forget(asked.key);
  logger("media", asked.context).warn("variant_failed", { key: asked.key, code, reason });
  return placeholderResponse(asked.key, code === "broken" ? undefined : CACHE_NOT);
}

function makeLater(bindings: ServingBindings, ctx: ExecutionContext, order: VariantOrder): void {
  const work = later.add(order, (next) => maker.make(bindings, next, (making) => ctx.waitUntil(making)));
  if (work !== undefined) ctx.waitUntil(work);
}

function variantResponse(
  asked: PictureRequest,
  { variant, version }: VariantOrder,
  found: Found,
  cacheControl: string,
): Response {
  const etag = `"${version}-${variant.width}-${variant.format}"`;
  const headers = {
    "content-type": `image/${variant.format}`,
    etag,
    vary: "accept",
    "cache-control": cacheControl,
    "x-cache": found.place,
  };
  return namesEntityTag(asked.ifNoneMatch, etag)
    ? new Response(null, { status: 304, headers })
    : new Response(found.body, { headers });
}

function edgeKeyOf({ key, version, variant }: VariantOrder): string {
  return `https://media.holdfast.internal/${variantName(key, version, variant)}`;
}

async function keepAtEdge(order: VariantOrder, bytes: ArrayBuffer): Promise<void> {
  await caches.default.put(edgeKeyOf(order), new Response(bytes, { headers: { "cache-control": EDGE_CACHE_CONTROL } }));
}
