/**
 * `npm run test:seeded-bugs [-- NAME …] [--all] [--write]`: the proof that the tests notice. Every bug of
 * `test/faults/seeded-bugs.ts` is built in, one at a time, and the test that is said to catch it must fail; without the bug
 * it must pass. `--all` asks every other test about bugs that got away; `--write` writes the page in `docs/reports/`.
 */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { SeededBug } from "../../test/faults/bugs/seeded-bug.ts";
import { SEEDED_BUGS } from "../../test/faults/seeded-bugs.ts";
import { mapBounded } from "../../workers/shared/map-bounded.ts";
import { readArguments } from "../lib/read-arguments.ts";
import { projectOfFile } from "../vitest-run/project-of-file.ts";
import { runContext } from "../vitest-run/run-context.ts";
import { endRuns, runVitest } from "../vitest-run/run-vitest.ts";
import { ROOT } from "../workers.ts";
import { judgeBaseline, judgeRun } from "./judge-run.ts";
import { describeProof, type Proof, proofPage } from "./report.ts";

const RUNS_AT_ONCE = Math.min(4, availableParallelism());
/** A bug may make its test hang. */
const RUN_DEADLINE_MS = 240_000;
/** All named tests of a project; several times what they take. */
const BASELINE_DEADLINE_MS = 600_000;
const REPORT = "docs/reports/seeded-bugs.md";

const USAGE = `usage: npm run test:seeded-bugs -- [NAME …] [options]

  NAME       of a bug in test/faults/bugs (default: all)
  --all      asks every other test about bugs that got away
  --write    writes ${REPORT}`;

const { values, positionals } = readArguments(USAGE, {
  allowPositionals: true,
  options: { all: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
});

function chosenBugs(): readonly SeededBug[] {
  const unknown = positionals.filter((name) => !SEEDED_BUGS.some((bug) => bug.name === name));
  if (unknown.length > 0) throw new Error(`there is no seeded bug ${unknown.join(", ")}`);
  return positionals.length === 0 ? SEEDED_BUGS : SEEDED_BUGS.filter((bug) => positionals.includes(bug.name));
}

/** The named tests without any bug, one start a project. @returns what is wrong with them. */
async function runBaseline(bugs: readonly SeededBug[]): Promise<string[]> {
  const byProject = Map.groupBy(bugs, (bug) => projectOfFile(bug.caughtBy.file));
  const wrongs = await mapBounded([...byProject], RUNS_AT_ONCE, async ([project, ofProject]) => {
    const files = [...new Set(ofProject.map((bug) => bug.caughtBy.file))];
    const tests = [...new Set(ofProject.map((bug) => bug.caughtBy.test))];
    return judgeBaseline(ofProject, await runVitest({ project, files, tests, deadlineMs: BASELINE_DEADLINE_MS }));
  });
  return wrongs.flat();
}

async function prove(bug: SeededBug): Promise<Proof> {
  const environment = { HOLDFAST_SEEDED_BUG: bug.name };
  const { file, test } = bug.caughtBy;
  const shared = { environment, stopAtFirstFailure: true, deadlineMs: RUN_DEADLINE_MS };
  const run = await runVitest({ ...shared, project: projectOfFile(file), files: [file], tests: [test] });
  const proof = { bug, verdict: judgeRun(bug, run), durationMs: run.durationMs };
  console.log(describeProof(proof));
  return proof;
}

/** Everybody else about a bug that got away. */
async function askAll(proof: Proof): Promise<Proof> {
  if (proof.verdict.kind !== "survived") return proof;
  const run = await runVitest({ environment: { HOLDFAST_SEEDED_BUG: proof.bug.name }, stopAtFirstFailure: true });
  const asked = { ...proof, verdict: judgeRun(proof.bug, run) };
  console.log(describeProof(asked));
  return asked;
}

async function main(): Promise<void> {
  const bugs = chosenBugs();
  const startedAtMs = Date.now();
  console.log(`\nThe named tests without a bug …`);
  const wrongs = await runBaseline(bugs);
  if (wrongs.length > 0) throw new Error(wrongs.join("\n"));
  console.log(`\n${bugs.length} bugs, one at a time in ${RUNS_AT_ONCE} builds at once:`);
  let proofs: readonly Proof[] = await mapBounded(bugs, RUNS_AT_ONCE, prove);
  if (values.all) proofs = await mapBounded(proofs, 1, askAll);
  const caught = proofs.filter(({ verdict }) => verdict.kind === "caught").length;
  console.log(`\n${caught} of ${proofs.length} bugs caught, in ${Math.round((Date.now() - startedAtMs) / 1000)} s`);
  if (values.write) await writeFile(join(ROOT, REPORT), proofPage(proofs, runContext()));
  process.exitCode = caught === proofs.length ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endRuns();
    process.exit(130);
  });
}
try {
  await main();
} catch (error) {
  console.error(`\nholdfast: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
