/** The page for `docs/reports/`: the table, the picture, and how to read them. Pure. */
import type { Run } from "./figure.ts";
import { figureRow, HEADINGS, referenceRows } from "./table.ts";

export function reportPage(run: Run, picture: string): string {
  const { at, commit, machine, figures, references, soak } = run;
  const rows = [...referenceRows(run), ...figures.map((figure) => figureRow(figure, references))];
  const rounds = Math.max(...figures.map((figure) => figure.rounds.length));
  return `# How fast it is

Made by \`npm run bench -- --report\`. ${at.slice(0, 10)}, commit \`${commit}\`, ${machine.cores} cores (${machine.cpu}), ${Math.round(machine.memoryMb / 1024)} GB,
Node ${machine.node}. The load comes from the same machine. Up to ${rounds} rounds, references and scenarios in turn; the table shows medians, ± half the
distance between the slowest and the fastest round. The numbers behind it: [performance.json](performance.json).

![rates per second](${picture})

${markdown([[...HEADINGS.slice(0, -1), "note"], ...rows])}

The ratio says how much of what the bare runtime does in the same run is left: rates of two machines, or of two days, are not to be
compared, ratios are. \`npm run check:perf\` compares a quick run's ratios with this one's.
${soak === null ? "" : soakText(soak)}`;
}

function soakText({ minutes, orders, samplesMb }: NonNullable<Run["soak"]>): string {
  return `
## Memory

${minutes} minutes of checkouts by four shoppers in turn over a thousand SKUs, ${orders.toLocaleString("en")} orders. Resident memory of the one process that runs all
services, their databases and queues, in MB: ${samplesMb.join(", ")}.
`;
}

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 || column >= 5 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}
