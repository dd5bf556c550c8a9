/** Of the workerd below this process: memory and processor time, from the kernel. Linux only. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const MS_PER_TICK = 10;

/** The largest, since references are small. */
function largestWorkerd(): { readonly pid: number; readonly residentMb: number } {
  const rows = execFileSync("ps", ["-eo", "ppid=,pid=,rss=,comm="], { encoding: "utf8" }).split("\n");
  const found = rows.flatMap((row) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+.*workerd/.exec(row);
    const isOurs = match !== null && Number(match[1]) === process.pid;
    return isOurs ? [{ pid: Number(match[2]), residentMb: Math.round(Number(match[3]) / 1024) }] : [];
  });
  const [largest] = found.toSorted((left, right) => right.residentMb - left.residentMb);
  if (largest === undefined) throw new Error("no workerd runs below this process");
  return largest;
}

export function residentMb(): number {
  return largestWorkerd().residentMb;
}

/** User and system time so far. */
export function processorMs(): number {
  const stat = readFileSync(`/proc/${largestWorkerd().pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
