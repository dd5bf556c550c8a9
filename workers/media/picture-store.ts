/**
 * Where pictures lie in the bucket: `originals/{key}`, and `variants/{key}:{etag}:{width}.{format}` beside them. A variant's
 * name holds the etag of the original that it was made of, so that an overwritten picture never answers with an old variant.
 */
import type { Variant } from "./negotiate-variant.ts";

const ORIGINALS = "originals/";
/** `:` is in no key, so that one picture's prefix never covers another's variants. */
const VARIANTS = "variants/";
const DELETE_KEYS_MAX = 1_000;

export interface Picture {
  readonly key: string;
  /** Changes with every other content. */
  readonly version: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly uploadedAtMs: number;
}

export interface PictureDetails {
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
}

function pictureOf(object: R2Object): Picture {
  return {
    key: object.key.slice(ORIGINALS.length),
    version: object.etag,
    contentType: object.httpMetadata?.contentType ?? "application/octet-stream",
    width: Number(object.customMetadata?.["width"] ?? 0),
    height: Number(object.customMetadata?.["height"] ?? 0),
    bytes: object.size,
    uploadedAtMs: object.uploaded.getTime(),
  };
}

export async function readPicture(bucket: R2Bucket, key: string): Promise<Picture | null> {
  const object = await bucket.head(ORIGINALS + key);
  return object === null ? null : pictureOf(object);
}

export async function readOriginal(bucket: R2Bucket, key: string, version: string): Promise<ReadableStream | null> {
  const object = await bucket.get(ORIGINALS + key, { onlyIf: { etagMatches: version } });
  return object !== null && "body" in object ? object.body : null;
}

export async function writePicture(bucket: R2Bucket, key: string, bytes: Uint8Array, details: PictureDetails): Promise<Picture> {
  const object = await bucket.put(ORIGINALS + key, bytes, {
    httpMetadata: { contentType: details.contentType },
    customMetadata: { width: String(details.width), height: String(details.height) },
  });
  return pictureOf(object);
}

/** @returns what it was; null when there was none. Its variants go with it. */
export async function deletePicture(bucket: R2Bucket, key: string): Promise<Picture | null> {
  const picture = await readPicture(bucket, key);
  if (picture === null) return null;
  await bucket.delete(ORIGINALS + key);
  await purgeVariants(bucket, key, null);
  return picture;
}

export interface PicturePage {
  readonly pictures: readonly Picture[];
  /** The key after which the next page starts; null at the end. */
  readonly next: string | null;
}

export async function listPictures(bucket: R2Bucket, prefix: string, after: string | null, limit: number): Promise<PicturePage> {
  const listed = await bucket.list({
    prefix: ORIGINALS + prefix,
    limit,
    include: ["httpMetadata", "customMetadata"],
    ...(after === null ? {} : { startAfter: ORIGINALS + after }),
  });
  const pictures = listed.objects.map(pictureOf);
  return { pictures, next: listed.truncated ? (pictures.at(-1)?.key ?? null) : null };
}

export function variantName(key: string, version: string, { width, format }: Variant): string {
  return `${VARIANTS}${key}:${version}:${width}.${format}`;
}

/** Removes the variants of other versions than the one to keep. One that is being made meanwhile stays, and is never asked for. */
export async function purgeVariants(bucket: R2Bucket, key: string, keptVersion: string | null): Promise<void> {
  const prefix = `${VARIANTS}${key}:`;
  const kept = keptVersion === null ? null : `${prefix}${keptVersion}:`;
  const { objects } = await bucket.list({ prefix, limit: DELETE_KEYS_MAX });
  const old = objects.map((object) => object.key).filter((name) => kept === null || !name.startsWith(kept));
  if (old.length > 0) await bucket.delete(old);
}
