/** `npm start`: the development system: `wrangler dev` over all configs with hot reload, and the demo shop in an empty database. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildStorefront, watchStorefront } from "./build-storefront.ts";
import { loadDemoShop } from "./demo-shop/load.ts";
import { COLLECT_EARLY } from "./lib/collect-early.ts";
import { dispatchByHttp } from "./lib/dispatch-scheduled.ts";
import { assertPortFree, endDescendants, endOrphans, onEnd, recordProcesses } from "./lib/processes.ts";
import { seconds, step } from "./lib/progress.ts";
import { announce, waitUntilHealthy } from "./lib/readiness.ts";
import { DEV_VARS, ensureSecrets } from "./lib/secrets.ts";
import { localVariables, readSettings, type Settings } from "./lib/settings.ts";
import { ROOT, WORKER_CONFIGS } from "./workers.ts";

const STOP_GRACE_MS = 5_000;
/** Lines of wrangler that say nothing to somebody who wants to use the shop. */
const NOISE = /Unable to fetch the `Request\.cf` object|getaddrinfo ENOTFOUND|GetAddrInfoReqWrap|update available|^[─\s]*$/;

/**
 * wrangler gives `--var` and the file of secrets to the first worker only; the others take what they need from the
 * environment, so theirs holds nothing but our variables and what a process needs to run.
 */
function wranglerEnvironment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = ["PATH", "HOME", "TMPDIR", "WRANGLER_SEND_METRICS", "CLOUDFLARE_CF_FETCH_ENABLED"];
  const own = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  return { ...own, ...variables, ...COLLECT_EARLY, CLOUDFLARE_INCLUDE_PROCESS_ENV: "true", FORCE_COLOR: "0" };
}

function startWrangler(
  settings: Settings,
  secrets: Readonly<Record<string, string>>,
): { showLogs(): void; exited: Promise<number | null> } {
  const variables = localVariables(settings);
  const child = spawn(
    process.execPath,
    [
      join(ROOT, "node_modules/wrangler/bin/wrangler.js"),
      "dev",
      ...WORKER_CONFIGS.flatMap((config) => ["-c", config]),
      ...["--env-file", DEV_VARS],
      ...Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
      ...["--ip", settings.host, "--port", String(settings.port), "--inspector-port", "0"],
      ...["--persist-to", settings.stateDirectory, "--show-interactive-dev-session=false", "--log-level", "log"],
    ],
    { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], env: wranglerEnvironment({ ...secrets, ...variables }) },
  );
  const early: string[] = [];
  let showing = false;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (NOISE.test(line)) return;
      if (showing) console.log(line);
      else early.push(line);
    });
  }
  const exited = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  void exited.then(() => {
    if (!showing) console.error(early.slice(-40).join("\n"));
  });
  return {
    showLogs() {
      showing = true;
    },
    exited,
  };
}

async function main(): Promise<void> {
  const startedAt = Date.now();
  const settings = readSettings();
  console.log("Holdfast · development (npm start)");
  const ended = await endOrphans(settings.stateDirectory);
  if (ended > 0) console.log(`  ✓ An earlier run on this state was still there: ${ended} processes ended`);
  await assertPortFree(settings.host, settings.port);
  const secrets = ensureSecrets();
  const record = recordProcesses(settings.stateDirectory);
  onEnd(async () => {
    record.stop();
    await endDescendants(STOP_GRACE_MS);
  });
  const { migrateAll } = await import("./lib/migrate.ts");
  await step(
    "Databases",
    () => migrateAll(settings.stateDirectory),
    (applied) => `${applied.size} databases, ${[...applied.values()].flat().length} migrations applied`,
  );
  await buildStorefront();
  watchStorefront((error) => console.error(`The shop's style sheet or script does not build: ${error}`));
  const wrangler = startWrangler(settings, secrets.values);
  const stopped = wrangler.exited.then((code) => {
    throw new Error(`wrangler dev ended with code ${code} before the system was ready, see its lines above.`);
  });
  await step(`Workers (${WORKER_CONFIGS.length}) started by wrangler dev`, () =>
    Promise.race([waitUntilHealthy(settings.url), stopped]),
  );
  await step(
    "Demo shop",
    () => loadDemoShop(settings.url, secrets.values["ADMIN_API_KEY"] ?? ""),
    (summary) => summary,
  );
  const { cronTriggers, startCron } = await import("./lib/cron-scheduler.ts");
  startCron(cronTriggers(), dispatchByHttp(settings.url), (message) => console.error(message));
  announce(settings.url, DEV_VARS, seconds(Date.now() - startedAt));
  wrangler.showLogs();
  stopped.catch(() => process.exit(1));
}

main().catch(async (error: unknown) => {
  await endDescendants(STOP_GRACE_MS);
  console.error(`\nholdfast: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
