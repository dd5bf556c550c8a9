/** Takes a picture in: its bytes must be one of our types and decode; what it calls itself does not matter. */
import { readAtMost } from "../shared/read-at-most.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { encodePicture } from "./make-variant.ts";
import { WIDTHS } from "./negotiate-variant.ts";
import { type Picture, purgeVariants, readPicture, writePicture } from "./picture-store.ts";
import { pictureVersions } from "./picture-versions.ts";
import { recognisePicture } from "./recognise-picture.ts";

/** What the gateway lets through for these paths. */
export const PICTURE_BYTES_MAX = 20 * 1_048_576;
/** Limits of Cloudflare Images; a small file can unpack to far more. */
const SIDE_PIXELS_MAX = 12_000;
const AREA_PIXELS_MAX = 100_000_000;

export type PictureRefused =
  | { readonly code: "empty_body" }
  | { readonly code: "picture_too_large" }
  | { readonly code: "unsupported_picture_type" }
  | { readonly code: "too_many_pixels"; readonly width: number; readonly height: number }
  | { readonly code: "broken_picture" };

export interface AcceptedPicture {
  readonly picture: Picture;
  /** Null for a new key. */
  readonly replaced: Picture | null;
}

interface AcceptingBindings {
  readonly IMAGES: ImagesBinding;
  readonly ORIGINALS: R2Bucket;
}

export async function acceptPicture(
  bindings: AcceptingBindings,
  key: string,
  body: ReadableStream<Uint8Array> | null,
): Promise<Result<AcceptedPicture, PictureRefused>> {
  const bytes = body === null ? new Uint8Array() : await readAtMost(body, PICTURE_BYTES_MAX);
  if (bytes === null) return err({ code: "picture_too_large" });
  const details = await inspect(bindings.IMAGES, bytes);
  if (!details.ok) return details;
  const before = await readPicture(bindings.ORIGINALS, key);
  const picture = await writePicture(bindings.ORIGINALS, key, bytes, details.value);
  pictureVersions.forget(key);
  if (before !== null && before.version !== picture.version) await purgeVariants(bindings.ORIGINALS, key, picture.version);
  return ok({ picture, replaced: before });
}

interface Details {
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
}

async function inspect(images: ImagesBinding, bytes: Uint8Array): Promise<Result<Details, PictureRefused>> {
  if (bytes.length === 0) return err({ code: "empty_body" });
  const contentType = recognisePicture(bytes);
  if (contentType === undefined) return err({ code: "unsupported_picture_type" });
  try {
    const info = await images.info(streamOf(bytes));
    if (!("width" in info) || info.format !== contentType) return err({ code: "unsupported_picture_type" });
    const { width, height } = info;
    const tooMany = Math.max(width, height) > SIDE_PIXELS_MAX || width * height > AREA_PIXELS_MAX;
    if (tooMany) return err({ code: "too_many_pixels", width, height });
    // A header can be right where the rest is cut off: only decoding shows it.
    await encodePicture(images, streamOf(bytes), { width: WIDTHS[0], format: "webp" });
    return ok({ contentType, width, height });
  } catch {
    return err({ code: "broken_picture" });
  }
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream();
}
