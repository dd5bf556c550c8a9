/** Where calls that leave the shop may go. */
import { describe, expect, it } from "vitest";
import { publicOrigin } from "../../../workers/shared/public-address.ts";

function verdict(text: string): string {
  const parsed = publicOrigin(text);
  return parsed.ok ? parsed.value : parsed.error.code;
}

describe("publicOrigin", () => {
  it.each([
    ["https://old.shop.example", "https://old.shop.example"],
    ["https://OLD.Shop.Example:8443/", "https://old.shop.example:8443"],
    ["https://8.8.8.8", "https://8.8.8.8"],
    ["https://[2606:4700::1111]", "https://[2606:4700::1111]"],
    ["https://172.32.0.1", "https://172.32.0.1"],
    ["https://100.128.0.1", "https://100.128.0.1"],
  ])("takes %s", (text, origin) => {
    expect(verdict(text)).toBe(origin);
  });

  it.each([
    "127.0.0.1",
    "127.1",
    "0x7f.0.0.1",
    "2130706433",
    "0177.0.0.1",
    "１２７.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "198.19.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a00:1]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[2001::1]",
    "[2001:0:a:b::1]",
    "[2002:a00:1::]",
    "localhost",
    "LOCALHOST.",
    "shop.localhost",
    "printer.local",
    "metadata.google.internal",
    "db.home.arpa",
    "intranet",
  ])("refuses %s, which is no host of the public internet", (host) => {
    expect(verdict(`https://${host}`)).toBe("not_public");
  });

  it.each([
    ["http://old.shop.example", "not_https"],
    ["ftp://old.shop.example", "not_https"],
    ["https://user:secret@old.shop.example", "not_an_origin"],
    ["https://old.shop.example/base", "not_an_origin"],
    ["https://old.shop.example?x=1", "not_an_origin"],
    ["https://old.shop.example#x", "not_an_origin"],
    ["old.shop.example", "not_a_url"],
    ["", "not_a_url"],
  ])("refuses %s", (text, code) => {
    expect(verdict(text)).toBe(code);
  });
});
