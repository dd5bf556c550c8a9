/**
 * `npm run bench [-- SCENARIO …] [--seconds S] [--soak MINUTES] [--json FILE]`: serves the system in its production form on
 * this machine and prints each scenario as a ratio to what the bare runtime does in the same run.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { step } from "../scripts/lib/progress.ts";
import { measureReferences, type References } from "./references.ts";
import { SCENARIOS, type ScenarioResult } from "./scenarios.ts";
import { openShop } from "./shop.ts";
import { soak } from "./soak.ts";

const CONNECTIONS = 32;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "8" }, soak: { type: "string" }, json: { type: "string" } },
});
const durationSeconds = Number(values.seconds);
const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
for (const name of names) {
  if (SCENARIOS[name] === undefined)
    throw new Error(`There is no scenario ${name}; there are ${Object.keys(SCENARIOS).join(", ")}.`);
}

console.log("Holdfast · bench (127.0.0.1 only; load and system share this machine)");
const references = await step("Bare workerd: hello world, and one write in one object", () =>
  measureReferences(CONNECTIONS, durationSeconds),
);
const shop = await step("Shop served and stocked", openShop);
const results: ScenarioResult[] = [];
let memory: Awaited<ReturnType<typeof soak>> | null = null;
try {
  for (const name of names) {
    const scenario = SCENARIOS[name];
    if (scenario === undefined) continue;
    results.push(await step(name, () => scenario(shop, { connections: CONNECTIONS, durationSeconds })));
  }
  if (values.soak !== undefined) memory = await soak(shop, Number(values.soak));
} finally {
  await shop.stop();
}

printTable(references, results);
if (memory !== null)
  console.log(`\n  Memory over ${memory.minutes} min of checkouts (${memory.orders} orders): ${memory.samplesMb.join(" → ")} MB`);
if (values.json !== undefined)
  writeFileSync(values.json, JSON.stringify({ at: new Date().toISOString(), references, results, memory }, null, 2));
process.exitCode = results.every((result) => passes(result, references)) ? 0 : 1;

function ratio(result: ScenarioResult, measured: References): number {
  return result.measurement.perSecond / measured[result.reference].perSecond;
}

function passes(result: ScenarioResult, measured: References): boolean {
  if (result.measurement.failures > 0) return false;
  if (result.bar === null) return true;
  return (result.bar.kind === "ratio" ? ratio(result, measured) : result.measurement.perSecond) >= result.bar.atLeast;
}

function printTable(measured: References, rows: readonly ScenarioResult[]): void {
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 || index === 6 ? cell.padEnd(26) : cell.padStart(12))).join(" ");
  console.log(`\n${line(["scenario", "per second", "p50", "p99", "ratio", "bar", ""])}`);
  console.log(
    line([
      "hello world (bare)",
      measured.helloWorld.perSecond.toFixed(0),
      `${measured.helloWorld.p50Ms} ms`,
      `${measured.helloWorld.p99Ms} ms`,
      "1.00",
      "",
      "",
    ]),
  );
  console.log(
    line([
      "one write (bare object)",
      measured.singleWrite.perSecond.toFixed(0),
      `${measured.singleWrite.p50Ms} ms`,
      `${measured.singleWrite.p99Ms} ms`,
      "1.00",
      "",
      "",
    ]),
  );
  for (const row of rows) {
    const { perSecond, p50Ms, p99Ms, failures } = row.measurement;
    const against = row.reference === "helloWorld" ? "hello" : "write";
    const bar =
      row.bar === null ? "" : `≥ ${row.bar.atLeast}${row.bar.kind === "rate" ? "/s" : "×"} ${passes(row, measured) ? "✓" : "✗"}`;
    const note = `${failures > 0 ? `${failures} FAILED ` : ""}${row.note}`;
    console.log(
      line([
        row.scenario,
        perSecond.toFixed(0),
        `${p50Ms.toFixed(0)} ms`,
        `${p99Ms.toFixed(0)} ms`,
        `${ratio(row, measured).toFixed(2)} ${against}`,
        bar,
        note,
      ]),
    );
  }
}
