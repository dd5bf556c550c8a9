/** What the demo shop's pictures are called, in the repository and in the media service alike. Pure. */
import { slug } from "./slug.ts";

/** The product; in its first colour when it comes in several. */
export function productPicture(handle: string): string {
  return `products/${handle}.webp`;
}

export function colourPicture(handle: string, colour: string): string {
  return `products/${handle}-${slug(colour)}.webp`;
}

export function detailPicture(handle: string): string {
  return `products/${handle}-detail.webp`;
}

export function categoryPicture(category: string): string {
  return `categories/${slug(category)}.webp`;
}

/** Where the shop shows it. */
export function pictureUrl(key: string): string {
  return `/media/${key}`;
}
