/** The proof in words: for the terminal, and as the page `docs/reports/seeded-bugs.md`. Pure. */
import type { SeededBug } from "../../test/faults/bugs/seeded-bug.ts";
import { describeContext, type RunContext } from "../vitest-run/run-context.ts";
import type { Verdict } from "./judge-run.ts";

export interface Proof {
  readonly bug: SeededBug;
  readonly verdict: Verdict;
  readonly durationMs: number;
}

export function describeProof({ bug, verdict, durationMs }: Proof): string {
  const seconds = `${(durationMs / 1000).toFixed(0)} s`.padStart(5);
  switch (verdict.kind) {
    case "caught":
      return `  ✓ ${seconds}  ${bug.name} → ${verdict.by.file}: ${verdict.by.name}`;
    case "caught_elsewhere":
      return `  ✗ ${seconds}  ${bug.name} was not caught by the test that the list names, but by ${verdict.by.file}: ${verdict.by.name}`;
    case "survived":
      return `  ✗ ${seconds}  ${bug.name} SURVIVED (${bug.caughtBy.file}: ${bug.caughtBy.test})`;
    case "not_judged":
      return `  ✗ ${seconds}  ${bug.name} could not be judged: ${verdict.reason}`;
  }
}

export function proofPage(proofs: readonly Proof[], context: RunContext): string {
  const caught = proofs.filter(({ verdict }) => verdict.kind === "caught").length;
  const rows = proofs.map(({ bug, verdict }) => `| \`${bug.name}\` | ${bug.breaks} | ${bug.why} | ${catcher(bug, verdict)} |`);
  return `# Seeded bugs and the tests that catch them

Each bug below was put into the code, one at a time, while its tests were built; then the named test was run and had to fail. The
same tests pass without a bug. Made by \`npm run test:seeded-bugs -- --write\`.

${describeContext(context)}: **${caught} of ${proofs.length} caught**.

| bug | breaks | which mistake it is | caught by |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function catcher(bug: SeededBug, verdict: Verdict): string {
  if (verdict.kind === "caught") return `\`${bug.caughtBy.file}\`: ${bug.caughtBy.test}`;
  return verdict.kind === "caught_elsewhere" ? `\`${verdict.by.file}\`: ${verdict.by.name}` : "**nobody**";
}
