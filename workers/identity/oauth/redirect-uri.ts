/**
 * Where an app may be answered. An address is registered in the one form in which a browser writes it, so that what is
 * compared, what the customer is shown and where the browser goes cannot differ; then requests must repeat it letter by
 * letter. Only the port of a loopback address is free, because a program on somebody's computer takes what it gets. Pure.
 * Source: OAuth 2.1 §2.3.1, RFC 8252 §7, RFC 9700 §2.1.
 */

export const REDIRECT_URI_LENGTH_MAX = 512;
export const REDIRECT_URIS_MAX = 10;

/** A name could be resolved to another computer, so `localhost` keeps its port. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?(\/.*)?$/;
/** Reverse domain names only: `javascript:`, `data:` and the browser's own schemes have no dot. */
const PRIVATE_SCHEME = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:$/;
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** @returns what is wrong with it; undefined when it can be registered. */
export function findRedirectUriFault(uri: string): string | undefined {
  if (uri.length > REDIRECT_URI_LENGTH_MAX) return `must have at most ${REDIRECT_URI_LENGTH_MAX} characters`;
  const url = URL.parse(uri);
  if (url === null) return "must be an absolute URI";
  if (uri.includes("#")) return "must not have a fragment";
  if (url.username !== "" || url.password !== "") return "must not hold credentials";
  if (!isAllowedOrigin(url)) {
    return "must be https, http on 127.0.0.1, [::1] or localhost, or a private scheme such as com.example.app:/callback";
  }
  return url.href === uri || url.href === `${uri}/` ? undefined : `must be written as browsers write it: ${url.href}`;
}

function isAllowedOrigin(url: URL): boolean {
  if (url.protocol === "https:") return url.hostname !== "";
  if (url.protocol === "http:") return LOCAL_HOSTS.has(url.hostname);
  return PRIVATE_SCHEME.test(url.protocol);
}

export function isRegistered(registered: readonly string[], presented: string): boolean {
  if (registered.includes(presented)) return true;
  const wanted = withoutLoopbackPort(presented);
  return wanted !== undefined && registered.some((uri) => withoutLoopbackPort(uri) === wanted);
}

function withoutLoopbackPort(uri: string): string | undefined {
  const [whole, host, port, path = ""] = LOOPBACK.exec(uri) ?? [];
  return whole === undefined || !URL.canParse(uri) || Number(port ?? 80) === 0 ? undefined : `${host}${path}`;
}

/** The address with the answer's parameters added; what it had before stays as it was. */
export function redirectAddress(uri: string, answer: Readonly<Record<string, string | undefined>>): string {
  const told = Object.entries(answer).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const separator = !uri.includes("?") ? "?" : /[?&]$/.test(uri) ? "" : "&";
  return `${uri}${separator}${new URLSearchParams(told)}`;
}

/** Whom the customer is told to be sent to. */
export type RedirectTarget = { readonly kind: "site" | "program"; readonly name: string } | { readonly kind: "this_computer" };

export function targetOf(uri: string): RedirectTarget {
  const url = new URL(uri);
  if (url.protocol === "https:") return { kind: "site", name: url.host };
  return url.protocol === "http:" ? { kind: "this_computer" } : { kind: "program", name: url.protocol.slice(0, -1) };
}
