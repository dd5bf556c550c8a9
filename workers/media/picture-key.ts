/** The name of a picture, `products/skerry-rain-jacket.webp`: folders and a file, nothing that climbs or hides. Pure. */
import * as z from "zod";

const KEY_LENGTH_MAX = 200;
const SEGMENT = "[a-z0-9](?:[a-z0-9_-]|\\.(?!\\.))*";
const KEY = new RegExp(`^(?:${SEGMENT}/){0,5}${SEGMENT}\\.(?:jpe?g|png|webp|avif|gif)$`);

/** The ending is part of the name; what the picture is, its bytes say. */
export const PictureKey = z
  .string()
  .max(KEY_LENGTH_MAX, `must be at most ${KEY_LENGTH_MAX} characters`)
  .regex(KEY, "must look like products/name.webp: lower-case letters, digits, '-', '_', '.', at most five folders");

/** The public path of a picture. */
export function pictureUrl(key: string): string {
  return `/media/${key}`;
}
