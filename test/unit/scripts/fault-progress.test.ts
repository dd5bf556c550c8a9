/** A full run that was interrupted goes on where it was: on the same code, with the same seed. */
import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lastSeed, ProgressStore } from "../../../scripts/test-faults/progress-store.ts";
import type { RunContext } from "../../../scripts/vitest-run/run-context.ts";

const CODE: RunContext = { date: "2026-01-02", commit: "abc", changes: "", machine: "2 cores" };

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-progress-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("the progress of a full run", () => {
  it("is there for the next run of the same code and seed, and for no other", () => {
    const result = { key: "F9 1/20", seed: 7, tests: [] };
    new ProgressStore(folder, CODE, 7).add(result);
    expect(new ProgressStore(folder, CODE, 7).find("F9 1/20")).toEqual(result);
    expect(new ProgressStore(folder, CODE, 7).find("F9 2/20")).toBeUndefined();
    expect(new ProgressStore(folder, CODE, 8).find("F9 1/20")).toBeUndefined();
    expect(new ProgressStore(folder, { ...CODE, changes: "1234" }, 7).find("F9 1/20")).toBeUndefined();
  });

  it("names the seed of the newest run of the same code, to go on with", () => {
    expect(lastSeed(join(folder, "missing"), CODE)).toBeUndefined();
    for (const seed of [7, 4_000_000_000]) new ProgressStore(folder, CODE, seed).add({ key: "F9 1/20", seed, tests: [] });
    utimesSync(join(folder, "abc_7.json"), new Date(), new Date(Date.now() + 60_000));
    expect(lastSeed(folder, CODE)).toBe(7);
    expect(lastSeed(folder, { ...CODE, commit: "abcd" })).toBeUndefined();
  });
});
