/** Where a form may send the shopper back to: a page of this shop, never another site. Pure. */

/** An app's question to the customer, with everything that it may hold. */
const LENGTH_MAX = 8_192;
/** Only an origin that no path can reach out of. */
const ANY_ORIGIN = "https://shop.invalid";

/** @param wanted a path without the language's prefix, as a form carried it @returns `/` when it is not one */
export function safeReturnPath(wanted: unknown): string {
  if (typeof wanted !== "string" || wanted.length > LENGTH_MAX || !/^\/(?![/\\])/.test(wanted)) return "/";
  // What a browser makes of it decides, not how it looks: it drops tabs and newlines and turns backslashes.
  const url = URL.parse(wanted, ANY_ORIGIN);
  if (url === null || url.origin !== ANY_ORIGIN || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search;
}
