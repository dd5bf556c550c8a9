/**
 * The Cloudflare account through wrangler's commands: what it has, and what it lacks. The runner is passed in, so that a
 * rollout can be tried without an account.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../workers.ts";
import type { Resources } from "./production-config.ts";

/** Runs one wrangler command. @returns its standard output @throws DeployError with what it printed */
export type RunWrangler = (args: readonly string[]) => Promise<string>;

/** What is wrong and what to do: shown without a stack. */
export class DeployError extends Error {}

const LOGGED_OUT = /CLOUDFLARE_API_TOKEN|not logged in|Authentication error|\[code: 10000\]/i;
const NO_SUCH_WORKER = /\[code: 10007\]|does not exist/i;
const EXISTS_ALREADY = /already (exists|taken|own)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
const NOISE = /\u001b\[[0-9;]*m|^.*Logs were written to.*$|^.*update available.*$/gm;

export const runWrangler: RunWrangler = async (args) => {
  const child = spawn(process.execPath, [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args], {
    cwd: ROOT,
    env: { ...process.env, FORCE_COLOR: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      printed[stream] += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code === 0) return printed.stdout;
  const said = `${printed.stdout}${printed.stderr}`.replace(NOISE, "").trim();
  throw new DeployError(`wrangler ${args.join(" ")} failed:\n\n${said}`);
};

/** @throws DeployError that says how to log in */
export async function assertLoggedIn(run: RunWrangler): Promise<void> {
  try {
    await run(["d1", "list", "--json"]);
  } catch (error) {
    if (!LOGGED_OUT.test(String(error))) throw error;
    throw new DeployError(
      "Cloudflare does not know who you are. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN (with\n" +
        "CLOUDFLARE_ACCOUNT_ID when the token sees several accounts). To only build everything: add --dry-run.",
    );
  }
}

/** @returns database name → id, of every database that the workers need */
export async function createMissing(run: RunWrangler, resources: Resources): Promise<Map<string, string>> {
  const known = await listDatabases(run);
  const missing = resources.databases.filter((name) => !known.has(name));
  for (const name of missing) await run(["d1", "create", name]);
  for (const queue of resources.queues) await tolerateExisting(run, ["queues", "create", queue]);
  for (const bucket of resources.buckets) await tolerateExisting(run, ["r2", "bucket", "create", bucket]);
  return missing.length === 0 ? known : await listDatabases(run);
}

/** The workers among `names` that the account runs already. */
export async function findDeployed(run: RunWrangler, names: readonly string[]): Promise<Set<string>> {
  const deployed = new Set<string>();
  for (const name of names) {
    try {
      await run(["deployments", "list", "--name", name, "--json"]);
      deployed.add(name);
    } catch (error) {
      if (!NO_SUCH_WORKER.test(String(error))) throw error;
    }
  }
  return deployed;
}

async function listDatabases(run: RunWrangler): Promise<Map<string, string>> {
  const databases = JSON.parse(await run(["d1", "list", "--json"])) as readonly { name: string; uuid: string }[];
  return new Map(databases.map((database) => [database.name, database.uuid]));
}

async function tolerateExisting(run: RunWrangler, args: readonly string[]): Promise<void> {
  try {
    await run(args);
  } catch (error) {
    if (!EXISTS_ALREADY.test(String(error))) throw error;
  }
}
