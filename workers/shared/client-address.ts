/**
 * From which network a call comes, as the gateway saw it: what limits by address count by. Whoever has one IPv6 address has
 * the /64 around it (RFC 6177), so that is the unit. Pure.
 */

/** Set by the gateway; clients cannot send it. Absent when the gateway does not know. */
export const CLIENT_ADDRESS_HEADER = "x-holdfast-client-address";

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/** `203.0.113.9`, or `2001:db8:1:2::/64`. @returns undefined when the text is no address. */
export function clientNetwork(address: string): string | undefined {
  if (IPV4.test(address)) return address;
  const groups = ipv6Groups(address);
  if (groups === undefined) return undefined;
  const [a = 0, b = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [a >> 8, a & 0xff, b >> 8, b & 0xff].join(".");
  return `${groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** The URL parser knows every spelling of an IPv6 address, and writes one. */
function ipv6Groups(address: string): number[] | undefined {
  const text = `http://[${address}]/`;
  if (!address.includes(":") || !/^[0-9a-fA-F:.]+$/.test(address) || !URL.canParse(text)) return undefined;
  const [head = "", tail] = new URL(text).hostname.slice(1, -1).split("::");
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const gap = tail === undefined ? 0 : GROUPS - left.length - right.length;
  return [...left, ...Array.from({ length: gap }, () => 0), ...right];
}

function groupsOf(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}
