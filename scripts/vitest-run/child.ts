/** One vitest run in a process of its own, told to the parent test by test. Started by `run-vitest.ts` alone. */
import { relative } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { startVitest } from "vitest/node";
import { ROOT } from "../workers.ts";
import type { Complaint, TestOutcome, VitestMessage, VitestRequest } from "./messages.ts";

interface Thrown {
  readonly name?: string;
  readonly message: string;
  readonly cause?: Thrown;
}

class ParentReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    tell({ kind: "test", outcome: outcomeOf(test) });
  }

  onTestModuleEnd(module: TestModule): void {
    const suites = [module, ...module.children.allSuites()];
    for (const error of suites.flatMap((suite) => suite.errors())) {
      tell({ kind: "broken", message: `${fileOf(module)}: ${error.message}` });
    }
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly Thrown[]): void {
    for (const error of unhandled) tell({ kind: "broken", message: error.message });
    tell({ kind: "end" });
  }
}

function tell(message: VitestMessage): void {
  process.send?.(message);
}

function outcomeOf(test: TestCase): TestOutcome {
  const { state, errors = [] } = test.result();
  return {
    file: fileOf(test.module),
    name: test.name,
    state: state === "pending" ? "skipped" : state,
    complaints: errors.map(complaintOf),
    counts: test.meta().faults ?? null,
    durationMs: test.diagnostic()?.duration ?? 0,
  };
}

/** Property tests wrap what went wrong: the innermost cause says what it was, the outermost message how to repeat it. */
function complaintOf(thrown: Thrown): Complaint {
  let innermost = thrown;
  while (innermost.cause !== undefined) innermost = innermost.cause;
  return { kind: innermost.name ?? "Error", message: thrown.message };
}

function fileOf(module: TestModule): string {
  return relative(ROOT, module.moduleId);
}

function patternOf(names: readonly string[]): string {
  return names.map((name) => `${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`).join("|");
}

const { project, files, tests, stopAtFirstFailure } = JSON.parse(process.argv[2] ?? "") as VitestRequest;
await startVitest([...files], {
  root: ROOT,
  run: true,
  watch: false,
  silent: true,
  reporters: [new ParentReporter()],
  ...(project === null ? {} : { project }),
  ...(tests.length === 0 ? {} : { testNamePattern: patternOf(tests) }),
  ...(stopAtFirstFailure ? { bail: 1 } : {}),
});
process.disconnect?.();
