/** What stands where a picture is missing: a quiet horizon whose tint follows from the key, so that a page of them is not uniform. */

/** Hues of the shore: sky, sea, lichen, sand, heather, slate. */
const HUES = [205, 188, 95, 42, 275, 222] as const;
/** A picture that is uploaded soon shows soon. */
const CACHE_CONTROL = "public, max-age=60";
/** An SVG that is opened as a page is still no page that may run or load anything. */
const POLICY = "default-src 'none'; style-src 'none'; frame-ancestors 'none'; sandbox";

export function placeholderSvg(key: string): string {
  const hash = hashOf(key);
  const hue = HUES[hash % HUES.length] ?? HUES[0];
  const sunX = 250 + ((hash >>> 8) % 300);
  const tint = (saturation: number, lightness: number): string => `hsl(${hue} ${saturation}% ${lightness}%)`;
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" width="800" height="800" role="img" aria-label="No picture yet">' +
    `<rect width="800" height="800" fill="${tint(28, 92)}"/>` +
    `<circle cx="${sunX}" cy="330" r="74" fill="${tint(30, 97)}"/>` +
    `<path d="M0 470q200-46 400 0t400 0v330H0z" fill="${tint(24, 84)}"/>` +
    `<path d="M0 560q200-52 400 0t400 0v240H0z" fill="${tint(22, 77)}"/>` +
    `<path d="M0 660q200-44 400 0t400 0v140H0z" fill="${tint(20, 70)}"/>` +
    "</svg>"
  );
}

/** @param cacheControl shorter, when the reason may be over in a moment. */
export function placeholderResponse(key: string, cacheControl: string = CACHE_CONTROL): Response {
  return new Response(placeholderSvg(key), {
    headers: {
      "content-type": "image/svg+xml",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "cache-control": cacheControl,
      vary: "accept",
      "x-placeholder": "1",
    },
  });
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}
