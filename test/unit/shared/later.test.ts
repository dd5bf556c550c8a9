import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ObjectTimers } from "../../../workers/shared/later.ts";

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
});
