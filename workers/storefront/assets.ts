/**
 * The style sheet, the script and the icons, built by `scripts/build-storefront.ts` into one JSON module that is part of
 * the worker: a page and the files that it names are always of the same build. Pure.
 */
import * as z from "zod";
import built from "./assets/built.json";

const Assets = z.object({
  /** Changes with every source file of the storefront: cached pages of another build are never shown. */
  buildId: z.string(),
  styleSheet: z.string(),
  script: z.string(),
  /** By path: `/assets/shop.1a2b3c4d.css`. `body` is text or, for pictures, base64. */
  files: z.record(
    z.string(),
    z.object({ type: z.string(), encoding: z.enum(["text", "base64"]), body: z.string(), brotli: z.base64().optional() }),
  ),
});

const assets = Assets.parse(built);

export const BUILD_ID = assets.buildId;
/** Paths for the page's head. */
export const STYLE_SHEET = assets.styleSheet;
export const SCRIPT = assets.script;

interface Asset {
  readonly type: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** The body compressed; undefined for pictures. */
  readonly brotli: Uint8Array<ArrayBuffer> | undefined;
}

const files: ReadonlyMap<string, Asset> = new Map(
  Object.entries(assets.files).map(([path, { type, encoding, body, brotli }]) => [
    path,
    {
      type,
      body: encoding === "text" ? body : Uint8Array.fromBase64(body),
      brotli: brotli === undefined ? undefined : Uint8Array.fromBase64(brotli),
    },
  ]),
);

export function assetAt(path: string): Asset | undefined {
  return files.get(path);
}
