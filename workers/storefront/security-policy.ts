/** What a browser may do with our pages. Pure. */

/**
 * Scripts only with this answer's nonce, styles only from our files, forms only to ourselves, no frames at all.
 * @param formTarget where a form's answer may lead besides
 */
export function pagePolicy(nonce: string, formTarget?: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "img-src 'self' data: https:",
    "connect-src 'self'",
    formTarget === undefined ? "form-action 'self'" : `form-action 'self' ${formTarget}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
  ].join("; ");
}

/** Forms need `Origin`, which `no-referrer` would blank; other sites learn nothing of an order's link. */
export const REFERRER_POLICY = "same-origin";
