/** The machine's processes: from `/proc` where there is one (slim images have no `ps`), else from `ps`. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  /** With the pid it names one process for good: pids are used again. */
  readonly startedAt: string;
  readonly command: string;
}

export function listProcesses(): ProcessRow[] {
  return existsSync("/proc/self/stat") ? listFromProc() : listFromPs();
}

export function descendantsOf(root: number, rows: readonly ProcessRow[]): ProcessRow[] {
  const children = rows.filter((row) => row.parentPid === root);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, rows)]);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the name in brackets may hold spaces and brackets. */
function listFromProc(): ProcessRow[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [state, parentPid] = fields;
      // A zombie has ended; only its parent has not noticed.
      if (state === "Z" || state === "X") return [];
      const command = readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      return [{ pid: Number(entry), parentPid: Number(parentPid), startedAt: fields[19] ?? "", command }];
    } catch {
      return []; // It ended while we looked.
    }
  });
}

function listFromPs(): ProcessRow[] {
  const text = execFileSync("ps", ["-eo", "pid=,ppid=,stat=,lstart=,command="], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line);
    if (match === null || match[3]?.startsWith("Z") === true) return [];
    return [{ pid: Number(match[1]), parentPid: Number(match[2]), startedAt: match[4] ?? "", command: match[5] ?? "" }];
  });
}
