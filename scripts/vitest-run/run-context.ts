/** Where and on what a report's figures were made. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { availableParallelism, totalmem } from "node:os";
import { ROOT } from "../workers.ts";

const BYTES_PER_GIGABYTE = 1024 ** 3;

export interface RunContext {
  readonly date: string;
  readonly commit: string;
  /** Empty for a clean tree, else a digest of what differs from the commit. */
  readonly changes: string;
  readonly machine: string;
}

export function runContext(): RunContext {
  const status = git("status", "--porcelain", "--", ".", ":!docs/reports");
  const digest = () => createHash("sha256").update(status).update(git("diff", "HEAD")).digest("hex").slice(0, 8);
  const memory = Math.round(totalmem() / BYTES_PER_GIGABYTE);
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git("rev-parse", "--short=12", "HEAD").trim(),
    changes: status === "" ? "" : digest(),
    machine: `${availableParallelism()} cores, ${memory} GB, Node ${process.versions.node}`,
  };
}

export function describeContext({ date, commit, changes, machine }: RunContext): string {
  return `${date}, commit \`${commit}\`${changes === "" ? "" : ` with uncommitted changes (\`${changes}\`)`}, ${machine}`;
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 28 });
}
