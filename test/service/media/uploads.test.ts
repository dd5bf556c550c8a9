/** What operators upload: real pictures only, told by their bytes. */
import { describe, expect, it } from "vitest";
import { GUEST, type Principal } from "../../../workers/shared/principal.ts";
import { admin, disc, freshKey, put, show, uploaded } from "./client.ts";

interface Listed {
  readonly items: readonly { readonly key: string; readonly width: number; readonly bytes: number }[];
  readonly next_cursor: string | null;
}

async function problemOf(response: Response): Promise<{ status: number; code: string }> {
  const { code } = await response.json<{ code: string }>();
  return { status: response.status, code };
}

describe("an upload", () => {
  it.each(["image/png", "image/jpeg", "image/webp", "image/avif"] as const)("of %s is measured and shown", async (type) => {
    const key = freshKey();
    const bytes = await disc(400, type);
    const response = await put(key, bytes);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      key,
      url: `/media/${key}`,
      width: 400,
      height: 300,
      bytes: bytes.length,
      content_type: type,
    });
    const shown = await show(`/media/${key}?w=160`);
    expect(shown.headers.get("x-placeholder")).toBeNull();
    await shown.body?.cancel();
  });

  it("of an existing key replaces it", async () => {
    const key = await uploaded();
    const response = await put(key, await disc(300, "image/jpeg"));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ width: 300, content_type: "image/jpeg" });
  });

  it("takes a key whose slash is escaped", async () => {
    const key = freshKey();
    const response = await put(key.replace("/", "%2F"), await disc(64, "image/png"));
    expect(await response.json()).toMatchObject({ key });
  });

  const markup: readonly [string, string][] = [
    ["SVG", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>"],
    ["SVG behind a prolog", "<?xml version='1.0'?><!-- x --><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"],
    ["HTML", "<!doctype html><script>alert(1)</script>"],
    ["text", "just words"],
    ["a TIFF", "II*\0\x08\0\0\0"],
  ];
  it.each(markup)("of %s is refused", async (_name, text) => {
    const key = freshKey();
    expect(await problemOf(await put(key, text))).toEqual({ status: 415, code: "unsupported_picture_type" });
    const shown = await show(`/media/${key}`);
    expect(shown.headers.get("x-placeholder")).toBe("1");
    await shown.body?.cancel();
  });

  it("of HTML behind a picture's first bytes is refused", async () => {
    const gif = `GIF89a/*<script>alert(1)</script>*/`;
    expect(await problemOf(await put(freshKey(), gif))).toEqual({ status: 422, code: "broken_picture" });
  });

  it("of a picture that is cut off is refused", async () => {
    const whole = await disc(1_400, "image/png");
    const cut = await put(freshKey(), whole.subarray(0, Math.floor(whole.length / 2)));
    expect(await problemOf(cut)).toEqual({ status: 422, code: "broken_picture" });
  });

  it("of nothing, or of too much, is refused", async () => {
    expect(await problemOf(await put(freshKey(), new Uint8Array()))).toEqual({ status: 422, code: "empty_body" });
    const large = new Uint8Array(20 * 1_048_576 + 1);
    large.set(await disc(64, "image/png"));
    expect(await problemOf(await put(freshKey(), large))).toEqual({ status: 413, code: "picture_too_large" });
  });

  it("of more pixels a side than can be shown is refused", async () => {
    const bomb = await disc(12_001, "image/png", 2);
    expect(await problemOf(await put(freshKey(), bomb))).toEqual({ status: 422, code: "too_many_pixels" });
  });

  it.each([
    "a.svg",
    "A.webp",
    "products/../a.webp",
    "products/..%2Fa.webp",
    "products//a.webp",
    ".hidden.webp",
    "products/a.webp/",
    "products/a",
    "a:b.webp",
    "a/b/c/d/e/f/g.webp",
    `${"a".repeat(200)}.webp`,
    "products/%00.webp",
    "products/%ff.webp",
    "products/a..b.webp",
  ])("under the key %s is refused", async (key) => {
    const response = await admin("PUT", `/v1/admin/media/${key}`, await disc(64, "image/png"));
    // The URL parser itself resolves `..`, so that path has another key, which is fine.
    if (key === "products/../a.webp") expect(await response.json()).toMatchObject({ key: "a.webp" });
    else expect(await problemOf(response)).toEqual({ status: 400, code: "invalid_request" });
  });
});

describe("who may", () => {
  const customer: Principal = { ...GUEST, kind: "customer", subject: "cus_1", sessionId: "ses_1" };
  const reader: Principal = { ...GUEST, kind: "operator", scopes: ["products:read"] };
  const path = "/v1/admin/media/products/a.webp";

  it.each([
    ["guest", GUEST, 401, 401],
    ["customer", customer, 403, 403],
    ["operator who may only read", reader, 403, 200],
  ] as const)("a %s may not change pictures", async (_name, principal, changing, listing) => {
    const answers = await Promise.all([
      admin("PUT", path, await disc(64, "image/png"), principal),
      admin("DELETE", path, undefined, principal),
      admin("GET", "/v1/admin/media", undefined, principal),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([changing, changing, listing]);
    await Promise.all(answers.map((answer) => answer.body?.cancel()));
  });
});

describe("the list", () => {
  it("pages through a folder by key, with each picture's size, and without variants", async () => {
    const folder = `list-${Date.now().toString(36)}`;
    const picture = await disc(200, "image/png");
    const keys = ["a", "b", "c", "d", "e"].map((name) => `${folder}/${name}.png`);
    for (const key of keys) await put(key, picture);
    await (await show(`/media/${keys[0]}?w=160`)).body?.cancel();
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page: Listed = await (await admin("GET", `/v1/admin/media?prefix=${folder}/&limit=2${query}`)).json();
      expect(page.items.length).toBeLessThanOrEqual(2);
      for (const item of page.items) expect(item).toMatchObject({ width: 200, height: 150, bytes: picture.length });
      seen.push(...page.items.map((item) => item.key));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(keys);
  });

  it("refuses cursors that are not its own", async () => {
    expect(await problemOf(await admin("GET", "/v1/admin/media?cursor=forged"))).toEqual({ status: 400, code: "invalid_cursor" });
    expect(await problemOf(await admin("GET", "/v1/admin/media?limit=0"))).toEqual({ status: 400, code: "invalid_request" });
  });

  it("lacks what was deleted, and a second deletion is 404", async () => {
    const key = await uploaded(200);
    expect((await admin("DELETE", `/v1/admin/media/${key}`)).status).toBe(204);
    const page: Listed = await (await admin("GET", `/v1/admin/media?prefix=${key}`)).json();
    expect(page.items).toEqual([]);
    expect(await problemOf(await admin("DELETE", `/v1/admin/media/${key}`))).toEqual({ status: 404, code: "not_found" });
  });
});

describe("the worker", () => {
  it("describes its calls and says how it is", async () => {
    const document: { paths: object } = await (await show("/openapi.json")).json();
    expect(Object.keys(document.paths).sort()).toEqual(["/media/{key}", "/v1/admin/media", "/v1/admin/media/{key}"]);
    expect(await (await show("/healthz")).json()).toEqual({ status: "ok", checks: { originals: "ok" } });
  });
});
