/** The gateway's pure parts. */
import { describe, expect, it } from "vitest";
import { corsHeaders } from "../../../workers/gateway/cors.ts";
import { routeMatcher } from "../../../workers/gateway/match-route.ts";
import { ROUTES } from "../../../workers/gateway/routing-table.ts";
import { answerSeal } from "../../../workers/gateway/seal-answer.ts";
import { adminKeyCheck } from "../../../workers/gateway/verify-admin-key.ts";
import { BoundedStore } from "../../../workers/shared/bounded-store.ts";
import { KnownVersion, versionAge } from "../../../workers/shared/known-version.ts";

const bytes = (length: number) => new ArrayBuffer(length);
const bytesOf = (buffer: ArrayBuffer) => buffer.byteLength;

describe("routeMatcher", () => {
  const match = routeMatcher(ROUTES);

  it("prefers the longest path, whatever the order of the table", () => {
    expect(match("/v1/carts/c1/checkout")?.deadlineMs).toBe(60_000);
    expect(match("/v1/carts/c1")?.deadlineMs).toBe(10_000);
    expect(routeMatcher([...ROUTES].reverse())("/v1/carts/c1/checkout")?.deadlineMs).toBe(60_000);
  });

  it("streams only the upload itself", () => {
    expect(match("/v1/admin/imports")?.body.form).toBe("stream");
    expect(match("/v1/admin/imports/imp_1/resume")?.body.form).toBe("json");
  });

  it("matches whole segments, and a star matches one that is not empty", () => {
    expect(match("/v1/productsandmore")?.path).toBe("");
    expect(match("/v1/carts//checkout")?.path).toBe("/v1/carts");
  });
});

describe("BoundedStore", () => {
  it("forgets what was not used for longest when it has too many entries", () => {
    const store = new BoundedStore<ArrayBuffer>({ entriesMax: 2, bytesMax: 1_000, entryBytesMax: 1_000 }, bytesOf);
    store.set("a", bytes(1));
    store.set("b", bytes(1));
    store.get("a");
    store.set("c", bytes(1));
    expect([store.get("a"), store.get("b"), store.get("c")].map((entry) => entry !== undefined)).toEqual([true, false, true]);
  });

  it("never holds more bytes than its limit, counting replaced answers once", () => {
    const store = new BoundedStore<ArrayBuffer>({ entriesMax: 100, bytesMax: 100, entryBytesMax: 60 }, bytesOf);
    for (let index = 0; index < 50; index++) {
      store.set(`k${index % 7}`, bytes(index));
      expect(store.size.bytes).toBeLessThanOrEqual(100);
    }
    store.set("large", bytes(61));
    expect(store.get("large")).toBeUndefined();
    store.clear();
    expect(store.size).toEqual({ entries: 0, bytes: 0 });
  });
});

describe("KnownVersion", () => {
  it("is fresh for a second, stale for four more, then expired; a clock gone backwards expires it", () => {
    expect([0, 999, 1_000, 4_999, 5_000, -1].map((age) => versionAge(10_000, 10_000 + age))).toEqual([
      "fresh",
      "fresh",
      "stale",
      "stale",
      "expired",
      "expired",
    ]);
    expect(versionAge(undefined, 0)).toBe("expired");
  });

  it("asks one caller to refresh while it is stale, and another when that one is lost", async () => {
    const version = new KnownVersion(() => undefined);
    await version.refresh(10_000, async () => 7);
    expect(version.usable(11_000)).toEqual({ version: 7, refresh: true });
    expect(version.usable(11_500)).toEqual({ version: 7, refresh: false });
    expect(version.usable(14_000)).toEqual({ version: 7, refresh: true });
  });

  it("tells of a change, and stands in for a catalogue that does not answer for a minute at most", async () => {
    let changes = 0;
    const version = new KnownVersion(() => {
      changes += 1;
    });
    await version.refresh(0, async () => 1);
    await version.refresh(1_000, async () => 1);
    await version.refresh(2_000, async () => 2);
    expect(changes).toBe(2);
    const down = async () => Promise.reject(new Error("down"));
    expect(await version.refresh(61_000, down)).toBe(2);
    await expect(version.refresh(62_001, down)).rejects.toThrow("down");
  });
});

describe("corsHeaders", () => {
  it("names an origin of the list and nobody else, and always varies by origin", () => {
    const allowed = ["https://a.example"];
    expect(corsHeaders(allowed, "https://a.example")["access-control-allow-origin"]).toBe("https://a.example");
    for (const origin of ["https://b.example", "https://a.example.evil", "null", null]) {
      expect(corsHeaders(allowed, origin)).toEqual({ vary: "origin" });
    }
  });
});

describe("adminKeyCheck", () => {
  it("accepts the key and nothing near it", () => {
    const check = adminKeyCheck("correct-horse-battery");
    expect(check("correct-horse-battery")).toBe(true);
    for (const wrong of ["", "correct-horse-batter", "correct-horse-battery ", "Correct-horse-battery"])
      expect(check(wrong)).toBe(false);
  });
});

describe("answerSeal", () => {
  it("opens what it sealed, and only with the same secret, scope and key", async () => {
    const seal = answerSeal("secret-1", ["guest", "POST"], "key-1");
    const sealed = await seal.seal('{"token":"abc"}');
    expect(sealed).not.toContain("abc");
    expect(await answerSeal("secret-1", ["guest", "POST"], "key-1").open(sealed)).toBe('{"token":"abc"}');
    for (const other of [
      answerSeal("secret-2", ["guest", "POST"], "key-1"),
      answerSeal("secret-1", ["guest", "POST"], "key-2"),
    ]) {
      expect(other.recordId).not.toBe(seal.recordId);
      await expect(other.open(sealed)).rejects.toThrow();
    }
  });

  it("does not confuse scopes whose parts run together", () => {
    expect(answerSeal("s", ["a", "bc"], "k").recordId).not.toBe(answerSeal("s", ["ab", "c"], "k").recordId);
  });
});
