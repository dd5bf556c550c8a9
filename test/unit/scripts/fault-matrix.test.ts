/** How the matrix is cut into parts, and what its table says of them. */
import { describe, expect, it } from "vitest";
import { faultFiles } from "../../../scripts/test-faults/fault-files.ts";
import { fullBatches, quickBatches, seedOfPart } from "../../../scripts/test-faults/plan-batches.ts";
import { chosenRows, MATRIX, rowOfFile } from "../../../scripts/test-faults/rows.ts";
import { summaryLines, summaryPage, summaryRows, terminalTable } from "../../../scripts/test-faults/summary.ts";
import type { TestOutcome } from "../../../scripts/vitest-run/messages.ts";
import { readFaultRun } from "../../faults/read-fault-run.ts";
import type { FaultCount } from "../../faults/size.ts";

const FILES = [
  "test/faults/pure/f09-simulation.test.ts",
  "test/faults/shop/f03-webhooks.test.ts",
  "test/faults/shop/f10-sku.test.ts",
  "test/faults/pure/f10-checker.test.ts",
  "test/faults/shop/followers-lost.test.ts",
];

function outcome(file: string, counts: FaultCount | null, more: Partial<TestOutcome> = {}): TestOutcome {
  return { file, name: "a test", state: "passed", complaints: [], counts, durationMs: 61_000, ...more };
}

describe("the rows of the matrix", () => {
  it("find their test files by name", () => {
    expect(FILES.map(rowOfFile)).toEqual(["F9", "F3", "F10", "F10", "followers"]);
    expect(rowOfFile("test/faults/served/smoke.test.ts")).toBeUndefined();
  });

  it("have tests, each of which a project runs (regression: a folder that the runner did not know)", () => {
    const found = new Set(faultFiles().map(rowOfFile));
    for (const { row } of MATRIX) expect(found, row).toContain(row);
    expect(quickBatches(MATRIX, faultFiles(), 7).flatMap(({ files }) => files)).toContain("test/faults/load/overload.test.ts");
  });

  it("are chosen by name, all without one, and a name that is none is refused", () => {
    expect(chosenRows(["f3", "OVERLOAD"]).map(({ row }) => row)).toEqual(["F3", "overload"]);
    expect(chosenRows([])).toBe(MATRIX);
    expect(() => chosenRows(["F13"])).toThrow("there is no row f13");
  });
});

describe("a quick run", () => {
  it("starts each project once", () => {
    const batches = quickBatches(MATRIX, FILES, 7);
    expect(batches.map(({ project, files }) => [project, files.length])).toEqual([
      ["faults", 2],
      ["faults-shop", 3],
    ]);
    expect(batches.every(({ run }) => run.size === "quick" && run.seed === 7 && run.share === 1)).toBe(true);
  });
});

describe("a full run", () => {
  it("cuts a row into parts with seeds of their own, which do the whole share together", () => {
    const batches = fullBatches(chosenRows(["F9"]), FILES, 7, 1);
    expect(batches).toHaveLength(20);
    expect(new Set(batches.map(({ run }) => run.seed)).size).toBe(20);
    expect(new Set(batches.map(({ key }) => key)).size).toBe(20);
    expect(batches.reduce((sum, { run }) => sum + run.share, 0)).toBeCloseTo(1);
    expect(batches[0]?.run.seed).toBe(7);
    expect(seedOfPart(2 ** 32 - 1, 3)).toBeLessThan(2 ** 32);
  });

  it("does a smaller share in fewer parts, never in none", () => {
    const [batch, ...rest] = fullBatches(chosenRows(["F3"]), FILES, 7, 0.01);
    expect(rest).toEqual([]);
    expect(batch?.run.share).toBe(0.01);
  });

  it("starts a row in each project that has tests of it", () => {
    const projects = fullBatches(chosenRows(["F10"]), FILES, 7, 0.1).map(({ project }) => project);
    expect(projects).toEqual(["faults-shop", "faults"]);
  });
});

describe("the table", () => {
  const CONTEXT = { date: "2026-01-02", commit: "abc", changes: "1234", machine: "2 cores" };
  const webhooks = { row: "F3", what: "webhook orders", histories: 1_500 } as const;
  const lines = summaryLines([
    outcome("test/faults/shop/f03-webhooks.test.ts", webhooks),
    outcome("test/faults/shop/f03-webhooks.test.ts", webhooks, { state: "failed" }),
    outcome("test/faults/shop/f03-webhooks.test.ts", null, { name: "crashed before it counted", state: "failed" }),
    outcome("test/faults/pure/f09-simulation.test.ts", null, { name: "a regression test that passes" }),
  ]);

  it("sums what the parts have run, and shows what failed without counting", () => {
    expect(lines).toEqual([
      { row: "F3", what: "webhook orders", histories: 3_000, violations: 1, durationMs: 122_000 },
      { row: "F3", what: "crashed before it counted", histories: 0, violations: 1, durationMs: 61_000 },
    ]);
  });

  it("says of a row without a count that it was not run", () => {
    const rows = summaryRows({ size: "full", seed: 7, rows: ["F3", "F9"], lines });
    expect(rows.map((cells) => cells.slice(0, 1).concat(cells.slice(2)))).toEqual([
      ["F3", "5,000", "webhook orders", "3,000", "1", "2 min 2 s"],
      ["", "", "crashed before it counted", "0", "1", "1 min 1 s"],
      ["F9", "1,000,000 histories", "**not run**", "0", "", ""],
    ]);
  });

  it("adds up where it happened", () => {
    const kills = { row: "F1", what: "kills", histories: 2 } as const;
    const killed = summaryLines([
      outcome("test/faults/served/f01-kill.test.ts", { ...kills, places: { "before:ended": 1, "after:ended": 1 } }),
      outcome("test/faults/served/f01-kill.test.ts", { ...kills, places: { "before:ended": 2 } }),
    ]);
    const page = summaryPage({ size: "full", seed: 7, rows: ["F1"], lines: killed }, CONTEXT);
    expect(page).toContain("F1, kills, by place: after:ended 1, before:ended 3.");
  });

  it("names the code, the machine and the seed", () => {
    const summary = { size: "full", seed: 7, rows: ["F3"], lines } as const;
    const page = summaryPage(summary, CONTEXT);
    expect(page).toContain("2026-01-02, commit `abc` with uncommitted changes (`1234`), 2 cores, seed 7: **2 violations**");
    expect(terminalTable(summary)).toContain("webhook orders");
  });
});

describe("the settings of a fault run", () => {
  it("are quick and the same for everybody unless told otherwise", () => {
    expect(readFaultRun({})).toEqual(readFaultRun({}));
    expect(readFaultRun({}).size).toBe("quick");
    expect(readFaultRun({ HOLDFAST_SEED: "5", HOLDFAST_SHARE: "0.5", HOLDFAST_FAULTS: "full" })).toEqual({
      size: "full",
      seed: 5,
      share: 0.5,
    });
  });

  it("look for new histories at full size", () => {
    const seeds = Array.from({ length: 5 }, () => readFaultRun({ HOLDFAST_FAULTS: "full" }).seed);
    expect(new Set(seeds).size).toBeGreaterThan(1);
  });

  it.each([
    ["HOLDFAST_SEED", "x"],
    ["HOLDFAST_SHARE", "2"],
    ["HOLDFAST_FAULTS", "huge"],
  ])("refuse a %s of %s", (name, value) => {
    expect(() => readFaultRun({ [name]: value })).toThrow();
  });
});
