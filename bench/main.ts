/**
 * `npm run bench [-- SCENARIO …] [--quick] [--rounds N] [--seconds S] [--soak MINUTES] [--day FILE] [--json FILE] [--compare FILE] [--report]`:
 * serves the system in its production form on this machine and prints each scenario as a ratio to what the bare runtime does
 * in the same run. `--guard` (`npm run check:perf`) fails when a ratio is a quarter worse than in the committed report.
 * `--hops` instead prints where the time of a visit goes (`hops.ts`).
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { step } from "../scripts/lib/progress.ts";
import { readArguments, refuseArguments } from "../scripts/lib/read-arguments.ts";
import { ROOT } from "../scripts/workers.ts";
import { chart } from "./chart.ts";
import { asQuick, type Change, compareRuns, type Measured, meets, Run } from "./figure.ts";
import type { HopBreakdown } from "./hop-costs.ts";
import { breakdownText } from "./hop-table.ts";
import { measureHops } from "./hops.ts";
import { CONNECTIONS, measureRounds, type Plan, type Scenarios } from "./measure-rounds.ts";
import { openReferences } from "./references.ts";
import { reportPage } from "./report.ts";
import { SCENARIOS } from "./scenarios.ts";
import { openShop } from "./shop.ts";
import { soak } from "./soak.ts";
import { changeText, figureRow, HEADINGS, isText, layOut, referenceRows } from "./table.ts";

const REPORT = "docs/reports/performance";
/** Rounds of two seconds scatter by a tenth; what is a quarter slower, twice, is slower. */
const WORSE_THAN = 0.75;

const USAGE = `usage: npm run bench -- [SCENARIO …] [options]

  SCENARIO          ${Object.keys(SCENARIOS)
    .join(", ")
    .replaceAll(/(.{70,90}), /g, "$1,\n                    ")}
                    (default: all)
  --quick           two rounds of two seconds, and few scenarios
  --rounds N        default: 3
  --seconds S       of one scenario (default: 8)
  --soak MINUTES    watches the memory under checkouts as well
  --day FILE        whose busiest day the scenario day sells, as npm run replay reads it (default: a made-up day)
  --hops            prints where the time of a visit goes instead
  --json FILE       keeps the numbers
  --compare FILE    with a run that was kept (default: ${REPORT}.json)
  --report          writes ${REPORT}.md, .json and .svg; with --quick renews
                    what npm run check:perf compares with, and keeps the rest`;

const { values, positionals } = readArguments(USAGE, {
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    guard: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
    hops: { type: "boolean", default: false },
    rounds: { type: "string" },
    seconds: { type: "string" },
    soak: { type: "string" },
    day: { type: "string" },
    json: { type: "string" },
    compare: { type: "string", default: join(ROOT, `${REPORT}.json`) },
  },
});

const QUICK: Plan = { isQuick: true, rounds: 2, seconds: 2, dayFile: null };
const WHOLE: Plan = { isQuick: false, rounds: 3, seconds: 8, dayFile: null };

function planOf(usual: Plan): Plan {
  const { rounds = usual.rounds, seconds = usual.seconds } = values;
  return { ...usual, rounds: Number(rounds), seconds: Number(seconds), dayFile: values.day ?? null };
}

if (values.report && positionals.length > 0) refuseArguments(USAGE, "A report is of every scenario: leave out their names.");
const plan = planOf(values.quick || values.guard ? QUICK : WHOLE);

function chosen({ isQuick }: Plan): Scenarios {
  for (const name of positionals) {
    if (SCENARIOS[name] === undefined) refuseArguments(USAGE, `There is no scenario ${name}.`);
  }
  return Object.entries(SCENARIOS).filter(([name, { quick }]) =>
    positionals.length > 0 ? positionals.includes(name) : quick || !isQuick,
  );
}

/** With when, where and of what it was measured. */
function describe(measured: Measured): NonNullable<Run["quick"]> {
  const commit = execFileSync("git", ["describe", "--always", "--dirty", "--abbrev=12"], { cwd: ROOT, encoding: "utf8" }).trim();
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 2 ** 20),
    node: process.versions.node,
  };
  return { at: new Date().toISOString(), commit, machine, ...measured };
}

/** The run to compare with. */
function readKept(): Run | null {
  if (!existsSync(values.compare)) return null;
  const { success, data: run } = Run.safeParse(JSON.parse(readFileSync(values.compare, "utf8")));
  if (!success) {
    console.log(`  Not compared: ${values.compare} is no run of this bench, or one of an older form.`);
    return null;
  }
  return run;
}

function worseOf(before: Measured | null, now: Measured): readonly Change[] {
  return before === null ? [] : compareRuns(before, now).filter(({ factor }) => factor < WORSE_THAN);
}

function print(run: Run, before: Run | null): void {
  const figures = run.figures.map(figureRow);
  console.log(`\n${layOut([HEADINGS, ...referenceRows(run), ...figures], isText)}`);
  if (before === null) return;
  console.log(`\n  Ratios against ${before.commit} of ${before.at.slice(0, 10)}:`);
  for (const change of compareRuns(before, run)) console.log(`    ${changeText(change)}`);
}

async function compareWithBareRuntime(): Promise<void> {
  const scenarios = chosen(plan);
  const kept = readKept();
  if (kept === null && (values.guard || (values.report && plan.isQuick)))
    throw new Error("There is no run to compare with: make one by `npm run bench -- --report` first.");
  const before = kept !== null && plan.isQuick ? asQuick(kept) : kept;
  const bare = await step("Bare runtime served", () => openReferences(CONNECTIONS));
  const shop = await step("Shop served and stocked", openShop);
  let run: Run;
  let worse: readonly Change[] = [];
  try {
    const quick = values.report && !plan.isQuick ? describe(await measureRounds(shop, bare, chosen(QUICK), QUICK)) : null;
    run = { ...describe(await measureRounds(shop, bare, scenarios, plan)), quick, soak: null, hops: [] };
    print(run, before);
    worse = worseOf(before, run);
    if (values.guard && worse.length > 0) {
      const suspects = worse.map(({ name }) => name);
      console.log(`\n  Slower than it was: ${suspects.join(", ")}. Measured once more:\n`);
      const again = scenarios.filter(([name]) => suspects.includes(name));
      worse = worseOf(before, await measureRounds(shop, bare, again, plan));
    }
  } finally {
    await bare.stop();
    await shop.stop();
  }
  if (values.soak !== undefined) run = { ...run, soak: await soakAndPrint(Number(values.soak)) };
  keepNumbers(run);
  if (values.report) writeReport(await reported(run, kept));
  for (const change of values.guard ? worse : [])
    console.error(`\n  More than a quarter slower than it was: ${changeText(change)}`);
  const isWell = values.guard ? worse.length === 0 : run.figures.every(meets);
  process.exitCode = isWell ? 0 : 1;
}

/** A whole run with where its time goes; or, of a quick one, the last whole run with this beside it. */
async function reported(run: Run, kept: Run | null): Promise<Run> {
  if (!plan.isQuick || kept === null) return { ...run, hops: [...(await measureHops([]))] };
  const { at, commit, machine, references, figures } = run;
  return { ...kept, quick: { at, commit, machine, references, figures } };
}

async function soakAndPrint(minutes: number): Promise<NonNullable<Run["soak"]>> {
  const memory = await soak(minutes);
  for (const [name, watched] of [["the shop", memory] as const, ["the bare shop", memory.bare] as const]) {
    if (watched !== null)
      console.log(
        `\n  Memory of ${name} over ${watched.minutes} min (${watched.orders} orders): ${watched.samplesMb.join(" → ")} MB`,
      );
  }
  return memory;
}

async function showHops(): Promise<void> {
  const breakdowns = await measureHops(positionals);
  for (const breakdown of breakdowns) console.log(breakdownText(breakdown));
  keepNumbers(breakdowns);
}

function keepNumbers(numbers: Run | readonly HopBreakdown[]): void {
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(numbers, null, 2)}\n`);
}

function writeReport(run: Run): void {
  writeFileSync(join(ROOT, `${REPORT}.json`), `${JSON.stringify(run)}\n`);
  writeFileSync(join(ROOT, `${REPORT}.svg`), chart(run));
  writeFileSync(join(ROOT, `${REPORT}.md`), reportPage(run, "performance.svg"));
  console.log(`\n  ${REPORT}.md written`);
}

console.log("Holdfast · bench (127.0.0.1 only; load and system share this machine)");
await (values.hops ? showHops() : compareWithBareRuntime());
