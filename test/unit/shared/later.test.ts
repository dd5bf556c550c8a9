import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { later, ObjectTimers, within } from "../../../workers/shared/later.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the timers of an object", () => {
  it("ring once, each in its time, whatever the order in which they were set", async () => {
    const { later } = new ObjectTimers();
    const began = performance.now();
    const rung: [string, number][] = [];
    const ring = (name: string) => () => rung.push([name, performance.now() - began]);
    later(12_000, ring("long"));
    later(5_000, ring("first"));
    later(300, ring("short"));
    await vi.advanceTimersByTimeAsync(400);
    later(4_600, ring("second"));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(rung).toEqual([
      ["short", 300],
      ["first", 5_000],
      ["second", 5_000],
      ["long", 12_000],
    ]);
  });

  it("are taken back without a trace: the runtime's timer is one for all, never cleared, and rests soon after", async () => {
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    const { later } = new ObjectTimers();
    const ring = vi.fn();
    for (let call = 0; call < 1_000; call++) later(12_000, ring)();
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ring).not.toHaveBeenCalled();
    expect(cleared).not.toHaveBeenCalled();
  });

  it("ring though one that rings with them takes another back or sets a new one", async () => {
    const { later } = new ObjectTimers();
    const rung: string[] = [];
    const takeBack = { third: () => {} };
    later(1_000, () => {
      rung.push("first");
      takeBack.third();
      later(500, () => rung.push("fourth"));
    });
    later(1_000, () => rung.push("second"));
    takeBack.third = later(1_000, () => rung.push("third"));
    await vi.advanceTimersByTimeAsync(1_499);
    expect(rung).toEqual(["first", "second"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(rung).toEqual(["first", "second", "fourth"]);
  });

  it("ring for the others though one that rings with them throws", async () => {
    const { later } = new ObjectTimers();
    const rung: string[] = [];
    later(1_000, () => {
      throw new Error("the first");
    });
    later(1_000, () => rung.push("second"));
    later(2_000, () => rung.push("third"));
    expect(() => vi.advanceTimersByTime(1_000)).toThrow("the first");
    await vi.advanceTimersByTimeAsync(1);
    expect(rung).toEqual(["second"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(rung).toEqual(["second", "third"]);
  });
});

describe("work within a limit", () => {
  const taking = (delayMs: number) => () => new Promise((resolve) => setTimeout(() => resolve("done"), delayMs));

  it("gives what it did in time, or nothing, or what the caller says instead", async () => {
    const late = () => {
      throw new Error("too late");
    };
    const waits = Promise.allSettled([
      within(later, 1_000, taking(999)),
      within(later, 1_000, taking(1_001)),
      within(later, 1_000, taking(1_001), late),
    ]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await waits).toEqual([
      { status: "fulfilled", value: "done" },
      { status: "fulfilled", value: undefined },
      { status: "rejected", reason: new Error("too late") },
    ]);
  });

  it("leaves no timer behind, however it ended", async () => {
    await within(later, 1_000, async () => "done");
    await expect(within(later, 1_000, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(vi.getTimerCount()).toBe(0);
  });
});
