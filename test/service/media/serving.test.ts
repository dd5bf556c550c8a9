/** What browsers get: the right width and format, each variant made once, and a placeholder instead of an error. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { admin, bindings, disc, freshKey, infoOf, put, show, uploaded } from "./client.ts";

afterEach(() => vi.useRealTimers());

describe("a variant", () => {
  it.each([
    [320, "image/avif,*/*", "image/avif"],
    [640, "image/avif,image/webp,*/*", "image/webp"],
    [320, "image/webp", "image/webp"],
    [320, "image/avif;q=0, image/webp", "image/webp"],
    [320, "*/*", "image/jpeg"],
    [960, "image/jpeg", "image/jpeg"],
  ])("is %i wide and, for a client that accepts %s, %s", async (width, accept, type) => {
    const response = await show(`/media/${await uploaded()}?w=${width}`, accept);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("vary")).toMatch(/accept/i);
    expect(await infoOf(response)).toEqual({ format: type, width });
  });

  it.each([
    ["?w=1", 160],
    ["?w=161", 320],
    ["?w=5000", 1280],
    ["", 1280],
  ])("with %s is %i wide: the smallest step that is enough", async (query, width) => {
    const response = await show(`/media/${await uploaded()}${query}`, "image/jpeg");
    expect(await infoOf(response)).toMatchObject({ width });
  });

  it("is never larger than the original", async () => {
    expect(await infoOf(await show(`/media/${await uploaded(200)}?w=640`))).toMatchObject({ width: 200 });
  });

  it("is made once, however many ask for it at the same time", async () => {
    const key = await uploaded();
    const answers = await Promise.all(Array.from({ length: 12 }, () => show(`/media/${key}?w=640`)));
    const bodies = await Promise.all(answers.map((answer) => answer.bytes()));
    expect(new Set(bodies.map((body) => body.toHex())).size).toBe(1);
    const { objects } = await bindings.ORIGINALS.list({ prefix: `variants/${key}:` });
    expect(objects).toHaveLength(1);
    const again = await show(`/media/${key}?w=640`);
    expect(["hit", "stored"]).toContain(again.headers.get("x-cache"));
    await again.body?.cancel();
  });

  it("that every isolate has forgotten comes from the bucket", async () => {
    const key = await uploaded();
    const accept = "image/avif";
    await (await show(`/media/${key}?w=320`, accept)).arrayBuffer();
    const { objects } = await bindings.ORIGINALS.list({ prefix: `variants/${key}:` });
    await vi.waitFor(() =>
      expect(caches.default.match(`https://media.holdfast.internal/${objects[0]?.key}`)).resolves.toBeDefined(),
    );
    await caches.default.delete(`https://media.holdfast.internal/${objects[0]?.key}`);
    const response = await show(`/media/${key}?w=320`, accept);
    expect(response.headers.get("x-cache")).toBe("stored");
    expect(await infoOf(response)).toEqual({ format: "image/avif", width: 320 });
  });
});

describe("AVIF", () => {
  const both = "image/avif,image/webp,*/*";

  it("is made behind a quick WebP that is kept only briefly", async () => {
    const path = `/media/${await uploaded()}?w=320&v=1`;
    const first = await show(path, both);
    expect(first.headers.get("content-type")).toBe("image/webp");
    expect(first.headers.get("cache-control")).toBe("public, max-age=60");
    expect(await infoOf(first)).toEqual({ format: "image/webp", width: 320 });
    const better = await vi.waitFor(async () => {
      const response = await show(path, both);
      expect(response.headers.get("content-type")).toBe("image/avif");
      return response;
    });
    expect(better.headers.get("cache-control")).toContain("immutable");
    expect(await infoOf(better)).toEqual({ format: "image/avif", width: 320 });
  });

  it("is made for every picture of a page, one after another", async () => {
    const paths = (await Promise.all(Array.from({ length: 6 }, () => uploaded(400)))).map((key) => `/media/${key}?w=320`);
    await Promise.all(paths.map(async (path) => (await show(path, both)).arrayBuffer()));
    await vi.waitFor(
      async () => {
        const types = await Promise.all(paths.map(async (path) => typeOf(await show(path, "image/avif,image/webp"))));
        expect(new Set(types)).toEqual(new Set(["image/avif"]));
      },
      { timeout: 10_000, interval: 100 },
    );
  });

  it("is made at once for a client that can show nothing else that is modern", async () => {
    expect(typeOf(await show(`/media/${await uploaded()}?w=160`, "image/avif"))).toBe("image/avif");
  });

  function typeOf(response: Response): string | null {
    void response.body?.cancel();
    return response.headers.get("content-type");
  }
});

describe("caching", () => {
  it("is for ever where the address has a version, and short where it has none", async () => {
    const key = await uploaded();
    const versioned = await show(`/media/${key}?w=160&v=abc`, "image/webp");
    const plain = await show(`/media/${key}?w=160`, "image/webp");
    expect(versioned.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(plain.headers.get("cache-control")).toBe("public, max-age=3600, stale-while-revalidate=604800");
    await Promise.all([versioned.body?.cancel(), plain.body?.cancel()]);
  });

  it("answers 304 to the etag of the same variant only", async () => {
    const path = `/media/${await uploaded()}?w=160`;
    const first = await show(path, "image/webp");
    await first.body?.cancel();
    const etag = first.headers.get("etag") ?? "";
    const same = await show(path, "image/webp", { headers: { "if-none-match": `"other", W/${etag}` } });
    expect(same.status).toBe(304);
    expect(same.headers.get("etag")).toBe(etag);
    const other = await show(path, "image/jpeg", { headers: { "if-none-match": etag } });
    expect(other.status).toBe(200);
    await other.body?.cancel();
  });

  it("shows the new picture after an overwrite and keeps nothing of the old", async () => {
    const key = await uploaded(1_400);
    const before = await show(`/media/${key}?w=320`, "image/webp");
    await before.body?.cancel();
    expect((await put(key, await disc(200, "image/png"))).status).toBe(200);
    const after = await show(`/media/${key}?w=320`, "image/webp");
    expect(after.headers.get("etag")).not.toBe(before.headers.get("etag"));
    expect(await infoOf(after)).toMatchObject({ width: 200 });
    const { objects } = await bindings.ORIGINALS.list({ prefix: `variants/${key}:` });
    expect(objects).toHaveLength(1);
  });

  it("notices within ten seconds what another isolate overwrote", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const key = await uploaded(1_400);
    await (await show(`/media/${key}?w=320`, "image/webp")).body?.cancel();
    await bindings.ORIGINALS.put(`originals/${key}`, await disc(200, "image/png"));
    vi.setSystemTime(Date.now() + 10_001);
    expect(await infoOf(await show(`/media/${key}?w=320`, "image/webp"))).toMatchObject({ width: 200 });
  });
});

describe("a placeholder", () => {
  async function expectPlaceholder(response: Response): Promise<string> {
    expect(response.status).toBe(200);
    expect(response.headers.get("x-placeholder")).toBe("1");
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
    const svg = await response.text();
    expect(svg).toMatch(/^<svg [^<>]*>(?:<(?:rect|circle|path) [^<>]*\/>)+<\/svg>$/);
    return svg;
  }

  it("stands in for a missing picture, with a tint that stays the same", async () => {
    const key = freshKey();
    const response = await show(`/media/${key}?w=320`);
    expect(response.headers.get("cache-control")).toBe("public, max-age=60");
    const svg = await expectPlaceholder(response);
    expect(await expectPlaceholder(await show(`/media/${key}?w=640`))).toBe(svg);
    const others = await Promise.all(
      Array.from({ length: 12 }, async () => expectPlaceholder(await show(`/media/${freshKey()}`))),
    );
    expect(new Set(others).size).toBeGreaterThan(1);
  });

  it("gives way to the picture as soon as it is uploaded", async () => {
    const key = freshKey();
    await expectPlaceholder(await show(`/media/${key}`));
    await put(key, await disc(200, "image/jpeg"));
    expect((await show(`/media/${key}`, "image/jpeg")).headers.get("content-type")).toBe("image/jpeg");
  });

  it("comes back when the picture is deleted", async () => {
    const key = await uploaded();
    await (await show(`/media/${key}?w=320`)).body?.cancel();
    expect((await admin("DELETE", `/v1/admin/media/${key}`)).status).toBe(204);
    await expectPlaceholder(await show(`/media/${key}?w=320`));
    expect((await bindings.ORIGINALS.list({ prefix: `variants/${key}:` })).objects).toEqual([]);
  });

  it("stands in for an original that does not decode", async () => {
    const key = freshKey();
    const whole = await disc(1_400, "image/png");
    await bindings.ORIGINALS.put(`originals/${key}`, whole.subarray(0, 400));
    await expectPlaceholder(await show(`/media/${key}?w=320`));
    const text = freshKey();
    await bindings.ORIGINALS.put(`originals/${text}`, "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    const response = await show(`/media/${text}?w=320`);
    expect(await response.text()).not.toContain("script");
  });

  it.each([
    "/media/%ff%fe",
    "/media/%00",
    "/media/products/..%2f..%2fsecret.webp",
    "/media/originals/a.svg",
    "/media/products/<script>alert(1)</script>.webp",
    "/media/products/Ärmel.webp",
  ])("stands in for what cannot be a key: %s", async (path) => {
    const svg = await expectPlaceholder(await show(path));
    expect(svg).not.toContain("alert");
  });

  it("stands in for a key of thousands of letters", async () => {
    await expectPlaceholder(await show(`/media/${"a".repeat(5_000)}.webp`));
  });
});

describe("odd requests", () => {
  it.each(["?w=0", "?w=-1", "?w=abc", "?w=1.5", "?w=NaN", "?w=100001", "?w=", `?v=${"x".repeat(65)}`])(
    "%s is 400 and says why",
    async (query) => {
      const response = await show(`/media/${await uploaded(200)}${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        code: "invalid_request",
        errors: [{ path: expect.stringMatching(/^[wv]$/) }],
      });
    },
  );

  it("answers HEAD with the headers of GET and no body", async () => {
    const response = await show(`/media/${await uploaded(200)}?w=160`, "image/webp", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/webp");
    expect(await response.text()).toBe("");
  });

  it("answers other methods 405", async () => {
    const response = await show("/media/products/a.webp", "*/*", { method: "POST", body: "x" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET");
    await response.body?.cancel();
  });
});
