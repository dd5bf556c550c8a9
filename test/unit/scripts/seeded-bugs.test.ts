/** What counts as a catch when the code was broken on purpose. */
import { describe, expect, it } from "vitest";
import { judgeBaseline, judgeRun } from "../../../scripts/test-seeded-bugs/judge-run.ts";
import { describeProof, proofPage } from "../../../scripts/test-seeded-bugs/report.ts";
import type { TestOutcome } from "../../../scripts/vitest-run/messages.ts";
import type { SeededBug } from "../../faults/bugs/seeded-bug.ts";

const BUG: SeededBug = {
  name: "some-bug",
  breaks: "I1",
  why: "Because it happens.",
  patches: [],
  caughtBy: { file: "test/unit/a.test.ts", test: "notices" },
};

function outcome(more: Partial<TestOutcome> = {}): TestOutcome {
  const { file, test: name } = BUG.caughtBy;
  return { file, name, state: "passed", complaints: [], counts: null, durationMs: 1, ...more };
}

function failed(kind: string, message: string, more: Partial<TestOutcome> = {}): TestOutcome {
  return outcome({ state: "failed", complaints: [{ kind, message }], ...more });
}

function run(tests: readonly TestOutcome[], broken: readonly string[] = []) {
  return { tests, broken, durationMs: 1 };
}

describe("a seeded bug", () => {
  it("is caught when the named test's assertion failed", () => {
    expect(judgeRun(BUG, run([failed("AssertionError", "expected 1 to be 2")])).kind).toBe("caught");
  });

  it("is caught elsewhere when another test failed", () => {
    const verdict = judgeRun(BUG, run([outcome(), failed("AssertionError", "no", { name: "another" })]));
    expect(verdict).toMatchObject({ kind: "caught_elsewhere", by: { name: "another" } });
  });

  it("survives when every test passes, and when the named one was not there to run", () => {
    expect(judgeRun(BUG, run([outcome()])).kind).toBe("survived");
    expect(judgeRun(BUG, run([outcome({ state: "skipped" })])).kind).toBe("survived");
    expect(judgeRun(BUG, run([])).kind).toBe("survived");
  });

  it.each([
    ["a name that is nowhere", run([failed("ReferenceError", "x is not defined")])],
    ["a member that is not there", run([failed("TypeError", "x.y is not a function")])],
    ["a test that took too long", run([failed("Error", "Test timed out in 30000ms.")])],
    ["a file that does not load", run([], ["Cannot parse a.ts"])],
    ["a vitest that died", run([outcome()], ["vitest ended early (SIGKILL)"])],
  ])("is not caught by %s", (_what, broken) => {
    expect(judgeRun(BUG, broken).kind).toBe("not_judged");
  });
});

describe("the comparison without a bug", () => {
  it("is fit when every named test passes", () => {
    expect(judgeBaseline([BUG], run([outcome()]))).toEqual([]);
  });

  it("names tests that fail or are missing, and what broke", () => {
    expect(judgeBaseline([BUG, BUG], run([]))).toEqual(["does not pass without a bug: test/unit/a.test.ts: notices"]);
    expect(judgeBaseline([BUG], run([outcome()], ["broke"]))).toEqual(["broke"]);
  });
});

describe("the proof's words", () => {
  const context = { date: "2026-01-02", commit: "abc", changes: "", machine: "2 cores" };

  it("name the test that caught the bug, or nobody", () => {
    const proof = { bug: BUG, durationMs: 1_000 };
    const caught = { ...proof, verdict: { kind: "caught", by: failed("AssertionError", "x") } } as const;
    const survived = { ...proof, verdict: { kind: "survived" } } as const;
    expect(describeProof(caught)).toContain("✓   1 s  some-bug → test/unit/a.test.ts: notices");
    expect(describeProof(survived)).toContain("some-bug SURVIVED");
    const page = proofPage([caught, survived], context);
    expect(page).toContain("**1 of 2 caught**");
    expect(page).toContain("| `some-bug` | I1 | Because it happens. | `test/unit/a.test.ts`: notices |");
    expect(page).toContain("| **nobody** |");
  });
});
