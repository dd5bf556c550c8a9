/**
 * `npm run test:faults [-- ROW …] [--full] [--share 0.1] [--seed N] [--fresh]`: runs rows of the fault matrix. Quick by
 * default. The full size goes part by part and picks up where an interrupted run of the same code stopped, unless it is to
 * begin afresh; its table is written to `docs/reports/faults.md`.
 */
import { randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { readFaultRun } from "../../test/faults/read-fault-run.ts";
import { progressBar } from "../lib/progress.ts";
import { readArguments } from "../lib/read-arguments.ts";
import type { TestOutcome } from "../vitest-run/messages.ts";
import { type RunContext, runContext } from "../vitest-run/run-context.ts";
import { endRuns, runVitest } from "../vitest-run/run-vitest.ts";
import { ROOT } from "../workers.ts";
import { faultFiles } from "./fault-files.ts";
import { type Batch, fullBatches, quickBatches } from "./plan-batches.ts";
import { type BatchResult, lastSeed, ProgressStore } from "./progress-store.ts";
import { chosenRows, MATRIX } from "./rows.ts";
import { type Summary, summaryLines, summaryPage, terminalTable } from "./summary.ts";

const REPORT = "docs/reports/faults.md";
const PROGRESS_FOLDER = join(ROOT, ".holdfast", "faults");
const SEEDS = 2 ** 32;

const Seed = z.coerce
  .number()
  .int()
  .min(0)
  .max(SEEDS - 1);
const Share = z.coerce.number().positive().max(1);

const USAGE = `usage: npm run test:faults -- [ROW …] [options]

  ROW           ${MATRIX.map(({ row }) => row).join(", ")} (default: all)
  --full        the whole size, hours; goes on where an interrupted run of the same code stopped
  --share X     of the full size, above 0 and up to 1
  --seed N      repeats a run
  --fresh       begins anew`;

const { values, positionals } = readArguments(USAGE, {
  allowPositionals: true,
  options: {
    full: { type: "boolean", default: false },
    share: { type: "string", default: "1" },
    seed: { type: "string" },
    fresh: { type: "boolean", default: false },
  },
});

function chooseSeed(context: RunContext): number {
  if (values.seed !== undefined) return Seed.parse(values.seed);
  if (!values.full) return readFaultRun({}).seed;
  return (values.fresh ? undefined : lastSeed(PROGRESS_FOLDER, context)) ?? randomInt(SEEDS);
}

async function runBatch(batch: Batch): Promise<{ readonly result: BatchResult; readonly broken: readonly string[] }> {
  const { project, files, run } = batch;
  const environment = { HOLDFAST_FAULTS: run.size, HOLDFAST_SEED: String(run.seed), HOLDFAST_SHARE: String(run.share) };
  const onTest = (test: TestOutcome) => {
    if (test.state === "failed") console.error(describeFailure(test, batch, environment));
  };
  const { tests, broken } = await runVitest({ project, files, environment, onTest });
  for (const message of broken) console.error(`\n  ${batch.label} broke: ${message}`);
  return { result: { key: batch.key, seed: run.seed, tests }, broken };
}

function describeFailure(test: TestOutcome, { label, project }: Batch, environment: Readonly<Record<string, string>>): string {
  const settings = Object.entries({ ...environment, VITEST_SERVICES: project }).map(([name, value]) => `${name}=${value}`);
  return `
  ✗ ${label}: ${test.name}
    ${test.complaints.map(({ message }) => message.split("\n").slice(0, 6).join("\n    ")).join("\n    ")}
    again: ${settings.join(" ")} npm test -- --project ${project} ${test.file} -t ${JSON.stringify(test.name)}`;
}

/** @returns the outcomes, and whether every batch could be run. */
async function runAll(batches: readonly Batch[], store: ProgressStore | undefined) {
  const results: BatchResult[] = [];
  let broken = false;
  const bar = progressBar("faults", batches.length);
  for (const [index, batch] of batches.entries()) {
    bar.update(index, batch.label);
    const known = store?.find(batch.key);
    if (known === undefined) {
      const done = await runBatch(batch);
      if (done.broken.length === 0) store?.add(done.result);
      else broken = true;
      results.push(done.result);
    } else results.push(known);
    bar.update(index + 1, batch.label);
  }
  bar.end();
  return { tests: results.flatMap((result) => result.tests), broken };
}

async function main(): Promise<void> {
  const rows = chosenRows(positionals);
  const context = runContext();
  const seed = chooseSeed(context);
  const files = faultFiles();
  const batches = values.full ? fullBatches(rows, files, seed, Share.parse(values.share)) : quickBatches(rows, files, seed);
  console.log(`\nThe fault matrix, ${values.full ? "full" : "quick"}, seed ${seed}\n`);
  const { tests, broken } = await runAll(batches, values.full ? new ProgressStore(PROGRESS_FOLDER, context, seed) : undefined);
  const size = values.full ? "full" : "quick";
  const summary: Summary = { size, seed, rows: rows.map(({ row }) => row), lines: summaryLines(tests) };
  console.log(`\n${terminalTable(summary)}\n`);
  if (values.full) await writeFile(join(ROOT, REPORT), summaryPage(summary, context));
  if (broken || tests.some((test) => test.state === "failed")) process.exitCode = 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endRuns();
    if (values.full) console.error("\nInterrupted. The same command goes on from here.");
    process.exit(130);
  });
}
try {
  await main();
} catch (error) {
  console.error(
    `\nholdfast: ${error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error}`,
  );
  process.exitCode = 1;
}
