/** The page for `docs/reports/`: the table, the picture, where the time goes, and how to read them. Pure. */
import type { Run } from "./figure.ts";
import type { HopBreakdown } from "./hop-costs.ts";
import { AFTER_HEADINGS, afterRows, HOP_HEADINGS, hopRows, isHopText, kindsText, summaryText } from "./hop-table.ts";
import { figureRow, HEADINGS, isText, referenceRows } from "./table.ts";

export function reportPage(run: Run, picture: string): string {
  const { at, commit, machine, figures, references, soak, hops } = run;
  const rows = [...referenceRows(run), ...figures.map((figure) => figureRow(figure, references))];
  const rounds = Math.max(...figures.map((figure) => figure.rounds.length));
  return `# How fast it is

Made by \`npm run bench -- --report\`. ${at.slice(0, 10)}, commit \`${commit}\`, ${machine.cores} cores (${machine.cpu}), ${Math.round(machine.memoryMb / 1024)} GB,
Node ${machine.node}. The load comes from the same machine. Up to ${rounds} rounds, references and scenarios in turn; the table shows medians, ± half the
distance between the slowest and the fastest round. The numbers behind it: [performance.json](performance.json).

![rates per second](${picture})

${markdown([[...HEADINGS.slice(0, -1), "note"], ...rows], isText)}

The ratio says how much of what the bare runtime does in the same run is left: rates of two machines, or of two days, are not to be
compared, ratios are. \`npm run check:perf\` compares a quick run's ratios with this one's.
${soak === null ? "" : soakText(soak)}${hops.length === 0 ? "" : hopsText(hops)}`;
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

function soakText({ minutes, orders, samplesMb }: NonNullable<Run["soak"]>): string {
  return `
## Memory

${minutes} minutes of checkouts by four shoppers in turn over a thousand SKUs, ${orders.toLocaleString("en")} orders. Resident memory of the one process that runs all
services, their databases and queues, in MB: ${samplesMb.join(", ")}.
`;
}

function markdown([head = [], ...rows]: readonly (readonly string[])[], isText: (column: number) => boolean): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (isText(column) ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
