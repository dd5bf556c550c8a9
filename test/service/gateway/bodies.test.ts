/** Bodies within their limits, declared or not. */
import { afterEach, describe, expect, it } from "vitest";
import { ADMIN, call, echo, peer, post, problemOf, resetPeers } from "./client.ts";

afterEach(resetPeers);

const MEBIBYTE = 1_048_576;
const JSON_TYPE = { "content-type": "application/json" };

const WHITESPACE = 0x20;

/** A body without a declared length. */
function chunked(byteCount: number): ReadableStream {
  let left = byteCount;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      const size = Math.min(left, 65_536);
      left -= size;
      controller.enqueue(new Uint8Array(size).fill(WHITESPACE));
    },
  });
}

describe("body limits", () => {
  it("let 1 MiB of JSON through and refuse one byte more, declared or chunked", async () => {
    for (const make of [(size: number) => new Uint8Array(size).fill(WHITESPACE), chunked]) {
      const fits = await call("/v1/carts", { method: "POST", body: make(MEBIBYTE), headers: JSON_TYPE });
      expect(fits.status).toBe(200);
      const over = await call("/v1/carts", { method: "POST", body: make(MEBIBYTE + 1), headers: JSON_TYPE });
      expect(await problemOf(over)).toEqual({ status: 413, code: "body_too_large" });
    }
    expect(await peer("ORDERS").received()).toHaveLength(2);
  });

  it("let 256 KiB of webhook through and no more", async () => {
    expect((await call("/v1/webhooks/stripe", { method: "POST", body: chunked(MEBIBYTE / 4) })).status).toBe(200);
    const over = await call("/v1/webhooks/stripe", { method: "POST", body: chunked(MEBIBYTE / 4 + 1) });
    expect(await problemOf(over)).toEqual({ status: 413, code: "body_too_large" });
  });

  it("stream uploads that no other call could send", async () => {
    const headers = { ...ADMIN, "content-type": "text/csv" };
    const response = await call("/v1/admin/imports", { method: "POST", body: chunked(8 * MEBIBYTE), headers });
    expect(response.status).toBe(200);
    expect((await peer("CATALOG").received())[0]?.body.length).toBe(8 * MEBIBYTE);
  });

  it("refuse an upload that declares more than 256 MiB before reading it", async () => {
    const headers = { "content-type": "text/csv", "content-length": String(256 * MEBIBYTE + 1) };
    const over = await call("/v1/admin/imports", { method: "POST", body: chunked(1), headers });
    expect(await problemOf(over)).toEqual({ status: 413, code: "body_too_large" });
    expect(await peer("CATALOG").received()).toEqual([]);
  });
});

describe("content types", () => {
  it.each([
    ["none", undefined],
    ["text/plain", "text/plain"],
    ["a form", "application/x-www-form-urlencoded"],
    ["something that only starts like JSON", "application/jsonish"],
    ["another charset", 'application/json; charset="utf-16"'],
  ])("%s are refused for JSON bodies", async (_, type) => {
    const response = await call("/v1/carts", {
      method: "POST",
      body: new TextEncoder().encode("{}"),
      headers: type === undefined ? {} : { "content-type": type },
    });
    expect(await problemOf(response)).toEqual({ status: 415, code: "unsupported_media_type" });
  });

  it("may carry parameters, and are not needed without a body", async () => {
    expect((await post("/v1/carts", {}, { "content-type": "application/json; charset=utf-8" })).status).toBe(200);
    expect((await call("/v1/admin/orders/o/cancel", { method: "POST", headers: ADMIN })).status).toBe(200);
    expect((await call("/v1/admin/orders/o/cancel", { method: "POST", body: chunked(0), headers: ADMIN })).status).toBe(200);
  });

  it("refuse compressed bodies, but for uploads", async () => {
    const gzip = { "content-encoding": "gzip" };
    for (const path of ["/v1/carts", "/v1/webhooks/stripe"])
      expect(await problemOf(await post(path, {}, gzip))).toEqual({ status: 415, code: "unsupported_media_type" });
    const headers = { ...ADMIN, "content-type": "text/csv", ...gzip };
    expect((await call("/v1/admin/imports", { method: "POST", body: chunked(10), headers })).status).toBe(200);
  });

  it("are needed for uploads too", async () => {
    const response = await call("/v1/admin/imports", { method: "POST", body: chunked(10), headers: ADMIN });
    expect(await problemOf(response)).toEqual({ status: 415, code: "unsupported_media_type" });
  });

  it("pass forms on to the sandbox's pages", async () => {
    const response = await call("/payment-sandbox/3ds", { method: "POST", body: new URLSearchParams({ outcome: "approve" }) });
    expect((await echo(response)).body).toBe("outcome=approve");
  });
});

describe("JSON", () => {
  it.each([
    ["deeper than 32 levels", "[".repeat(33)],
    ["with a key twice", '{"quantity":1,"quantity":100}'],
    ["that names the prototype", '{"__proto__":{"role":"admin"}}'],
    ["with a byte order mark", "\ufeff{}"],
    ["that is no UTF-8", Uint8Array.of(0x22, 0xc3, 0x28, 0x22)],
  ])("%s is refused before anybody parses it, and its key stays free", async (_, body) => {
    const headers = { ...JSON_TYPE, "idempotency-key": "a-key-of-bad-bodies" };
    const refused = await call("/v1/carts", { method: "POST", body, headers });
    expect(await problemOf(refused)).toEqual({ status: 400, code: "malformed_body" });
    expect(await peer("ORDERS").received()).toEqual([]);
  });

  it("is nobody's business where the exact bytes are signed", async () => {
    const response = await call("/v1/webhooks/stripe", { method: "POST", body: '{"a":1,"a":2}', headers: JSON_TYPE });
    expect((await echo(response)).body).toBe('{"a":1,"a":2}');
  });
});
