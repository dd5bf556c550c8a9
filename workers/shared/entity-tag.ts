/** Conditional requests. Pure. */

/** Whether `if-none-match` names the tag: weak comparison, a list or `*` (RFC 9110 §13.1.2). */
export function namesEntityTag(ifNoneMatch: string | null | undefined, etag: string): boolean {
  if (ifNoneMatch === null || ifNoneMatch === undefined) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, "");
  return ifNoneMatch.split(",").some((listed) => listed.trim() === "*" || opaque(listed) === opaque(etag));
}
