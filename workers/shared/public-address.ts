/**
 * Whether an address names a host of the public internet: what calls that leave the shop may go to. Names of private
 * networks, loopback, link-local (cloud metadata), documentation and transition addresses are refused, in every spelling
 * that a URL parser accepts. A name that resolves to a private address is not seen here; the platform routes none. Pure.
 */
import { err, ok, type Result } from "./result.ts";

export type OriginFault = { readonly code: "not_a_url" | "not_https" | "not_an_origin" | "not_public" };

/** IANA special-purpose registries, as `address/bits`. */
const PRIVATE_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
].map((range) => {
  const [address = "", bits = "0"] = range.split("/");
  return { network: ipv4Number(address), bits: Number(bits) };
});
/** Global unicast is 2000::/3. */
const GLOBAL_IPV6 = /^\[[23][0-9a-f]{3}:/;
/** Parts of it that are no hosts: protocol assignments with Teredo (2001::/23), documentation, 6to4. */
const SPECIAL_IPV6 = /^\[(?:2001:(?::|1?[0-9a-f]{1,2}:|db8:)|2002:|3fff:)/;
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa|onion|invalid)$/;

/** @returns the origin, such as `https://old.shop.example`, of text that is nothing but one. */
export function publicOrigin(text: string): Result<string, OriginFault> {
  const parsed = plainOrigin(text);
  if (!parsed.ok) return parsed;
  if (parsed.value.protocol !== "https:") return err({ code: "not_https" });
  return isPublicHost(parsed.value.hostname) ? ok(parsed.value.origin) : err({ code: "not_public" });
}

/** An origin without a path, a query, or a user; of any host. */
export function plainOrigin(text: string): Result<URL, OriginFault> {
  if (!URL.canParse(text)) return err({ code: "not_a_url" });
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return err({ code: "not_https" });
  const rest = [url.username, url.password, url.search, url.hash, url.pathname === "/" ? "" : url.pathname].join("");
  return rest === "" ? ok(url) : err({ code: "not_an_origin" });
}

/** @param hostname as `URL` writes it: numbers in any spelling have become dotted, names lower-case. */
export function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return GLOBAL_IPV6.test(hostname) && !SPECIAL_IPV6.test(hostname);
  if (/^[\d.]+$/.test(hostname)) return !isPrivateIpv4(ipv4Number(hostname));
  const name = hostname.replace(/\.$/, "");
  return name.includes(".") && !PRIVATE_NAME.test(name);
}

function ipv4Number(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}

function isPrivateIpv4(address: number): boolean {
  return PRIVATE_IPV4.some(({ network, bits }) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor(network / size);
  });
}
