/** The page for `docs/reports/`: the table, the picture, where the time goes, and how to read them. Pure. */
import { type Run, type Soak, steadiness, type Watched } from "./figure.ts";
import type { HopBreakdown } from "./hop-costs.ts";
import { AFTER_HEADINGS, afterRows, HOP_HEADINGS, hopRows, isHopText, kindsText, summaryText } from "./hop-table.ts";
import { ANSWER_HEADINGS, answerRows, figureRow, HEADINGS, isAnswerText, isText, referenceRows } from "./table.ts";

export function reportPage(run: Run, picture: string): string {
  const { at, commit, machine, figures, soak, hops } = run;
  const rows = [...referenceRows(run), ...figures.map(figureRow)];
  const rounds = Math.max(...figures.map((figure) => figure.rounds.length));
  return `# How fast it is

Made by \`npm run bench -- --report\`. ${at.slice(0, 10)}, commit \`${commit}\`, ${machine.cores} cores (${machine.cpu}), ${Math.round(machine.memoryMb / 1024)} GB,
Node ${machine.node}. The load comes from the same machine. Up to ${rounds} rounds; the table shows medians, ± half the distance between the
slowest and the fastest round. The numbers behind it: [performance.json](performance.json).

![rates per second](${picture})

${markdown([[...HEADINGS.slice(0, -1), "note"], ...rows], isText)}

The ratio says how much of what the bare runtime does is left: rates of two machines, or of two days, are not to be compared, ratios
are. What a scenario is compared with is measured right before it, in each round, and the ratio is the median of the rounds' ratios:
a minute later the machine may be a third slower or faster. The product read is cut into seconds, in turn with the bare runtime's.
${quickText(run)}${answersText(run)}${soak === null ? "" : soakText(soak)}${hops.length === 0 ? "" : hopsText(hops)}`;
}

function quickText({ quick }: Run): string {
  if (quick === null) return "";
  return `
\`npm run check:perf\` compares its ratios with those of a run as quick as itself, in a shop as new (${quick.at.slice(0, 10)},
\`${quick.commit}\`): code that has run for a minute is compiled better.
`;
}

function answersText(run: Run): string {
  const rows = answerRows(run);
  if (rows.length === 0) return "";
  return `
## Bars that were missed, and what the bare runtime allows

The same work in the bare runtime ([bench/bare-shop/](../../bench/bare-shop/)), measured in the same run under the same load: no more requests, calls
between workers, durable commits, queue messages and mails than ours, of the same size, each with one trivial statement. No check,
price, tax, token, retry or log. "By the provider's SDK" is that shop with one thing that no shop here can leave out: it pays by the
official SDK, at the payment sandbox, in place of a provider of one statement. Where a counterpart misses the bar (✗), the runtime forbids
it on this machine, whose one thread runs every worker, object, queue and database; where it meets it (✓), what is missing is ours.

${markdown([ANSWER_HEADINGS, ...rows], isAnswerText)}
`;
}

function hopsText(hops: readonly HopBreakdown[]): string {
  return `
## Where the time goes

From the shop's own spans ([tracing](../tracing.md)), \`npm run bench -- --hops\`. Every instant of a request belongs to the innermost
hop open then; what happens at once shares it. So the last column adds up to what the shopper waits. "Own" of an \`rpc\` is the way
there and back with the wait for the thread that all workers share here; that of a \`commit\`, what the disk takes before an object may
speak. The clock has whole milliseconds, so small figures are means of many.
${hops.map(breakdownSection).join("")}`;
}

function breakdownSection(breakdown: HopBreakdown): string {
  const after = afterRows(breakdown);
  return `
### ${breakdown.title}

${summaryText(breakdown)}. ${kindsText(breakdown)}.

${markdown([HOP_HEADINGS, ...hopRows(breakdown)], isHopText)}
${after.length === 0 ? "" : `\nWhat nobody waits for:\n\n${markdown([AFTER_HEADINGS, ...after], isHopText)}\n`}`;
}

/** By then code is compiled, and the object of every SKU has been opened and has sold a few times. */
const STEADY_FROM_MINUTE = 5;

function soakText(soak: Soak): string {
  const { minutes, orders, samplesMb, bare } = soak;
  return `
## Memory

${minutes} minutes of checkouts by four shoppers in turn over a thousand SKUs, ${orders.toLocaleString("en")} orders. Resident memory of the one process that runs all
services, their databases and queues, in MB: ${samplesMb.join(", ")}.
${steadyText(soak)}${bare === null ? "" : bareSoakText(bare)}`;
}

function steadyText(watched: Watched): string {
  const steady = steadiness(watched, STEADY_FROM_MINUTE);
  if (steady === undefined) return "";
  const { middleMb, within } = steady;
  return `From minute ${STEADY_FROM_MINUTE} on: ${middleMb.toFixed(0)} MB ± ${(within * 100).toFixed(1)} %.\n`;
}

function bareSoakText({ minutes, orders, samplesMb }: Watched): string {
  return `
The bare shop beside it, under the same settings of V8: ${minutes} minutes, ${orders.toLocaleString("en")} orders, in MB: ${samplesMb.join(", ")}.
`;
}

function markdown([head = [], ...rows]: readonly (readonly string[])[], isText: (column: number) => boolean): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (isText(column) ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
