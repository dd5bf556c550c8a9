/** Services that fail or hang. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ADMIN, call, peer, post, problemOf, resetPeers } from "./client.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await resetPeers();
});

describe("a service that fails", () => {
  it("is asked again for reads, once for changes, and is 503 with retry-after", async () => {
    await peer("INVENTORY").behave({ mode: "throw" });
    const read = await call("/v1/availability?sku=A");
    expect(read.headers.get("retry-after")).toBe("2");
    expect(await problemOf(read)).toEqual({ status: 503, code: "service_unavailable" });
    expect(await peer("INVENTORY").received()).toHaveLength(3);
    await post("/v1/admin/stock/A/receipts", {}, ADMIN);
    expect(await peer("INVENTORY").received()).toHaveLength(4);
  });

  it("is left alone by its open breaker, tried after two seconds, and open to all when it answers; others never notice", async () => {
    await peer("PAYMENTS").behave({ mode: "throw" });
    for (let attempt = 0; attempt < 8; attempt++) await post("/v1/admin/payments/reconcile", {}, ADMIN);
    const asked = (await peer("PAYMENTS").received()).length;
    expect(asked).toBe(8);
    expect(await problemOf(await post("/v1/admin/payments/reconcile", {}, ADMIN))).toEqual({
      status: 503,
      code: "service_unavailable",
    });
    expect((await peer("PAYMENTS").received()).length).toBe(asked);
    const health = await (await call("/healthz")).json<{ breakers: Record<string, object> }>();
    const changedAt = new Date().toISOString();
    expect(health.breakers["payments"]).toEqual({ state: "open", consecutive_failures: 8, changed_at: changedAt });
    expect((await call("/v1/carts/x")).status).toBe(200);

    await peer("PAYMENTS").behave({ mode: "echo" });
    vi.setSystemTime(Date.now() + 2_001);
    expect((await post("/v1/admin/payments/reconcile", {}, ADMIN)).status).toBe(200);
    expect((await post("/v1/admin/payments/reconcile", {}, ADMIN)).status).toBe(200);
  });

  it("that answers 500 itself is not cut off: one broken page is not a broken service", async () => {
    await peer("ANALYTICS").behave({ status: 500 });
    for (let attempt = 0; attempt < 12; attempt++) expect((await call("/v1/admin/reports/sales")).status).toBe(500);
  });
});

describe("a service that hangs", () => {
  it("is 504 after its deadline, and is not asked again", async () => {
    await peer("INVENTORY").behave({ mode: "hang" });
    const deadlines: number[] = [];
    const realSetTimeout = globalThis.setTimeout;
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void, delayMs: number) => {
      deadlines.push(delayMs);
      return realSetTimeout(run, delayMs / 100);
    }) as typeof setTimeout);
    expect(await problemOf(await call("/v1/availability?sku=A"))).toEqual({ status: 504, code: "deadline_exceeded" });
    expect(deadlines).toEqual([10_000]);
    expect(await peer("INVENTORY").received()).toHaveLength(1);
  });
});
