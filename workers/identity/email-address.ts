/**
 * E-mail addresses: what is accepted, how it is kept, and the key by which two spellings are the same address. Pure.
 * Sources: RFC 5321 §4.5.3.1 (lengths), RFC 6531 (non-ASCII local parts), UTS 46 for domains through the URL parser.
 */

export interface EmailAddress {
  /** As written, in NFC: what mail is sent to. */
  readonly original: string;
  /** Lower-case, the domain in ASCII: the key. Dots and `+tags` stay, they are the mail provider's business. */
  readonly normalized: string;
}

export const EMAIL_LENGTH_MAX = 254;
const LOCAL_PART_LENGTH_MAX = 64;

/** No spaces, controls, quotes or list syntax: quoted local parts exist on paper only. */
const LOCAL_PART = /^[^\s\p{C}@"(),:;<>[\]\\.]+(?:\.[^\s\p{C}@"(),:;<>[\]\\.]+)*$/u;
/** Nothing that the URL parser would read as a port, path, user or escape. */
const DOMAIN_TEXT = /^[^\s\p{C}/?#@:%\\[\]]+$/u;
const ASCII_DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:xn--[a-z0-9-]{1,59}|[a-z]{2,63})$/;

/** @returns undefined when the text is not an address that mail could reach. */
export function parseEmailAddress(text: string): EmailAddress | undefined {
  const original = text.trim().normalize("NFC");
  const at = original.lastIndexOf("@");
  const localPart = original.slice(0, at);
  if (at < 1 || localPart.length > LOCAL_PART_LENGTH_MAX || !LOCAL_PART.test(localPart)) return undefined;
  const domain = asciiDomain(original.slice(at + 1));
  if (domain === undefined) return undefined;
  const normalized = `${localPart.toLowerCase()}@${domain}`;
  if (original.length > EMAIL_LENGTH_MAX || normalized.length > EMAIL_LENGTH_MAX) return undefined;
  return { original, normalized };
}

function asciiDomain(text: string): string | undefined {
  if (!DOMAIN_TEXT.test(text) || !URL.canParse(`http://${text}`)) return undefined;
  const { hostname } = new URL(`http://${text}`);
  return ASCII_DOMAIN.test(hostname) ? hostname : undefined;
}
