/** Where the consent form may lead, as a source of `form-action`. Pure. */

/** The origin of a site; only the scheme of what a policy cannot name more exactly: a private scheme, or an IPv6 address. */
export function formTarget(redirectUri: string): string {
  const url = new URL(redirectUri);
  const isNameable = url.origin !== "null" && !url.hostname.startsWith("[");
  return isNameable ? url.origin : url.protocol;
}
