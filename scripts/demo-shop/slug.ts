/** `Boot Socks, Pair` → `boot-socks-pair`: what handles, SKUs and picture names are made of. Pure. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
