/** From which network a call comes: spellings of one network are one, and nobody can choose it. */
import { describe, expect, it } from "vitest";
import { networkOf } from "../../../workers/gateway/note-network.ts";
import { clientNetwork } from "../../../workers/shared/client-address.ts";

describe("a client's network", () => {
  it.each([
    ["203.0.113.9", "203.0.113.9"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["::ffff:cb00:7109", "203.0.113.9"],
  ])("%s counts as %s", (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });

  it("is one for all the addresses that one IPv6 customer has", () => {
    const networks = Array.from({ length: 100 }, (_, index) => clientNetwork(`2001:db8:7:8:${index.toString(16)}::${index}`));
    expect(new Set(networks)).toEqual(new Set(["2001:db8:7:8::/64"]));
  });

  it.each([
    "",
    "nonsense",
    "256.1.1.1",
    "1.2.3",
    "1.2.3.4.",
    "2001:db8::1::2",
    "[::1]",
    "::1/64",
    "fe80::1%eth0",
    "1.2.3.4, 5.6.7.8",
  ])("is unknown for %j", (address) => {
    expect(clientNetwork(address)).toBeUndefined();
  });

  it("is what Cloudflare says in production, and never what a local client says", () => {
    const headers = new Headers({ "cf-connecting-ip": "203.0.113.9", "x-forwarded-for": "198.51.100.1" });
    expect(networkOf("production", headers)).toBe("203.0.113.9");
    expect(networkOf("local", headers)).toBe("127.0.0.1");
    expect(networkOf("production", new Headers({ "x-forwarded-for": "198.51.100.1" }))).toBeUndefined();
  });
});
