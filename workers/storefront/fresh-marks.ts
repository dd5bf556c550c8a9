/**
 * Marks for pieces of a cached page that must be true at this moment, such as stock: the page is kept with the mark, and
 * each request fills it in. A mark is text that nothing escapes, and that no product or shopper can write: it holds a
 * random token of this isolate. Pure but for that token.
 */

const TOKEN_BYTES = 16;

let token: string | undefined;

/** Made late: a worker has no random numbers before its first request. */
export function freshToken(): string {
  token ??= crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)).toHex();
  return token;
}

/** @param key what to ask for, e.g. `stock HF-ROPE-12`; `cachedPage` hands it to the page's `fresh`. */
export function freshMark(key: string): string {
  return `__${freshToken()}_fresh-${new TextEncoder().encode(key).toHex()}__`;
}

/** The key inside a mark. */
export function freshKey(encoded: string): string {
  return new TextDecoder().decode(Uint8Array.fromHex(encoded));
}
