/** Whether a run of broken code shows that a test noticed. A build error, a crash or a time-out is no catch. Pure. */
import type { SeededBug } from "../../test/faults/bugs/seeded-bug.ts";
import type { Complaint, TestOutcome } from "../vitest-run/messages.ts";
import type { VitestRun } from "../vitest-run/run-vitest.ts";

export type Verdict =
  | { readonly kind: "caught"; readonly by: TestOutcome }
  /** Not by the test that the list names. */
  | { readonly kind: "caught_elsewhere"; readonly by: TestOutcome }
  | { readonly kind: "survived" }
  | { readonly kind: "not_judged"; readonly reason: string };

/** What code says that does not fit together, rather than code that does the wrong thing. */
const BUILD_ERRORS = new Set(["SyntaxError", "ReferenceError", "TypeError"]);

export function judgeRun(bug: SeededBug, run: VitestRun): Verdict {
  const failed = run.tests.filter((test) => test.state === "failed");
  const noticed = failed.filter((test) => test.complaints.some(isFinding));
  const named = noticed.find((test) => test.file === bug.caughtBy.file && test.name === bug.caughtBy.test);
  if (named !== undefined) return { kind: "caught", by: named };
  const [other] = noticed;
  if (other !== undefined) return { kind: "caught_elsewhere", by: other };
  const [breakage] = [...run.broken, ...failed.flatMap((test) => test.complaints.map((complaint) => complaint.message))];
  return breakage === undefined ? { kind: "survived" } : { kind: "not_judged", reason: breakage };
}

/** Why the unbroken code cannot serve as the comparison; empty when it can. */
export function judgeBaseline(bugs: readonly SeededBug[], run: VitestRun): string[] {
  const passed = new Set(run.tests.filter((test) => test.state === "passed").map(({ file, name }) => `${file}: ${name}`));
  const missing = bugs.map(({ caughtBy: { file, test } }) => `${file}: ${test}`).filter((named) => !passed.has(named));
  return [...run.broken, ...[...new Set(missing)].map((named) => `does not pass without a bug: ${named}`)];
}

function isFinding({ kind, message }: Complaint): boolean {
  return !BUILD_ERRORS.has(kind) && !/^(Test|Hook) timed out in/.test(message);
}
