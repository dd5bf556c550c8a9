/**
 * Fingerprints of sets of (SKU, quantity), so that what an order holds can be compared with what every SKU committed for
 * it without keeping the lines. Sums of 52-bit hashes: the order of the lines does not matter. Pure.
 */
const MODULUS = 2 ** 52;

/** FNV-1a over UTF-16 units, 32 bits. Source: http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

export function lineDigest(sku: string, quantity: number): number {
  const text = `${quantity} ${sku}`;
  return (fnv1a(text, 0x811c9dc5) * 2 ** 20 + (fnv1a(text, 0x1b873593) >>> 12)) % MODULUS;
}

export function addDigest(sum: number, digest: number): number {
  return (sum + digest) % MODULUS;
}

export function digestLines(lines: readonly { readonly sku: string; readonly quantity: number }[]): number {
  return lines.reduce((sum, line) => addDigest(sum, lineDigest(line.sku, line.quantity)), 0);
}
