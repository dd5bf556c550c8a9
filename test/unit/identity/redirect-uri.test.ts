/** Where an app may be answered: exactly where it said, and nowhere that a browser could read otherwise. */
import { describe, expect, it } from "vitest";
import {
  findRedirectUriFault,
  isRegistered,
  REDIRECT_URI_LENGTH_MAX,
  redirectAddress,
  targetOf,
} from "../../../workers/identity/oauth/redirect-uri.ts";

describe("a redirect address", () => {
  it.each([
    "https://app.example/callback",
    "https://app.example",
    "https://app.example:8443/callback?tenant=1",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:4711/callback",
    "http://[::1]:4711/callback",
    "http://localhost:4711/callback",
    "com.example.app:/callback",
  ])("%s can be registered", (uri) => {
    expect(findRedirectUriFault(uri)).toBeUndefined();
  });

  it.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://app.example/1",
    "about:blank",
    "http://app.example/callback",
    "http://localhost.evil.example/callback",
    "http://127.0.0.1.evil.example/callback",
    "https://app.example/callback#fragment",
    "https://user:secret@app.example/callback",
    "https://app.example@evil.example/callback",
    "https://APP.example/callback",
    "https://app.example:443/callback",
    "https://app.example/a/../callback",
    "https://app.example\\@evil.example/",
    "https://app.example/call\nback",
    "https://app.example/ü",
    " https://app.example/callback",
    "//app.example/callback",
    "/callback",
    "myapp:/callback",
    "https://",
    "",
    `https://app.example/${"x".repeat(REDIRECT_URI_LENGTH_MAX)}`,
  ])("%j cannot be registered", (uri) => {
    expect(findRedirectUriFault(uri)).toEqual(expect.any(String));
  });
});

describe("a request's redirect address", () => {
  const REGISTERED = [
    "https://app.example/callback?tenant=1",
    "http://127.0.0.1/cb",
    "http://[::1]:80/cb",
    "http://localhost:3000/cb",
  ];

  it.each([...REGISTERED, "http://127.0.0.1:49152/cb", "http://127.0.0.1:1/cb", "http://[::1]:65535/cb"])(
    "%s is registered",
    (uri) => {
      expect(isRegistered(REGISTERED, uri)).toBe(true);
    },
  );

  it.each([
    "https://app.example/callback?tenant=1&x=2",
    "https://app.example/callback?tenant=2",
    "https://app.example/callback",
    "https://app.example/callback/?tenant=1",
    "https://app.example/Callback?tenant=1",
    "https://APP.example/callback?tenant=1",
    "HTTPS://app.example/callback?tenant=1",
    "https://app.example:443/callback?tenant=1",
    "https://app.example/callback?tenant=1#x",
    "https://app.example.evil.example/callback?tenant=1",
    "https://app.example/x/../callback?tenant=1",
    "https://app.example/%63allback?tenant=1",
    "http://app.example/callback?tenant=1",
    "http://127.0.0.1:4711/cb/",
    "http://127.0.0.1:4711/CB",
    "http://127.0.0.1:4711/cb?x=1",
    "http://127.0.0.1:4711/cb#x",
    "http://127.0.0.1:0/cb",
    "http://127.0.0.1:99999/cb",
    "http://127.0.0.1:4711@evil.example/cb",
    "http://127.0.0.2:4711/cb",
    "https://127.0.0.1:4711/cb",
    "http://localhost:3001/cb",
    "http://localhost/cb",
    "javascript:alert(1)",
    "",
  ])("%j is not", (uri) => {
    expect(isRegistered(REGISTERED, uri)).toBe(false);
  });
});

describe("the way back", () => {
  it("adds the answer to what the address had, and changes nothing of it", () => {
    const answer = { code: "a b", state: "x&y=z", error: undefined };
    expect(redirectAddress("https://app.example/cb?tenant=%7E1", answer)).toBe(
      "https://app.example/cb?tenant=%7E1&code=a+b&state=x%26y%3Dz",
    );
    expect(redirectAddress("com.example.app:/cb", { code: "1" })).toBe("com.example.app:/cb?code=1");
  });

  it("is told to the customer by the host that the browser goes to", () => {
    expect(targetOf("https://app.example:8443/cb")).toEqual({ kind: "site", name: "app.example:8443" });
    expect(targetOf("http://127.0.0.1:1/cb")).toEqual({ kind: "this_computer" });
    expect(targetOf("com.example.app:/cb")).toEqual({ kind: "program", name: "com.example.app" });
  });
});
