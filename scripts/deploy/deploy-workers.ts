/** Builds or deploys every worker with its production config, one wrangler command a step. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { mapBounded } from "../../workers/shared/map-bounded.ts";
import { seconds, step } from "../lib/progress.ts";
import { configPath, ROOT, WORKER_CONFIGS } from "../workers.ts";
import { assertLoggedIn, createMissing, findDeployed, type RunWrangler } from "./account.ts";
import { planRollout } from "./plan-rollout.ts";
import { LOCAL_ONLY_WORKERS, type Production, productionConfig, type RawConfig, resourcesOf } from "./production-config.ts";
import { secretsOf } from "./production-secrets.ts";

/** Enough of an id for a dry run. */
const NO_DATABASE_ID = "00000000-0000-0000-0000-000000000000";
/** Each build keeps about one core busy. */
const BUILDS_AT_ONCE = 2;

export interface DeployedWorker {
  readonly path: string;
  readonly raw: RawConfig;
}

export interface Deployment {
  readonly run: RunWrangler;
  readonly workers: readonly DeployedWorker[];
  /** Variables that replace the local ones. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where production configs and bundles are written. */
  readonly folder: string;
}

export const DEPLOY_FOLDER = join(ROOT, ".wrangler", "deploy");

/** Every worker that production has, the public one first. */
export function readWorkers(): readonly DeployedWorker[] {
  return WORKER_CONFIGS.map((config) => ({
    path: configPath(config),
    raw: parse(readFileSync(configPath(config), "utf8")) as unknown as RawConfig,
  })).filter(({ raw }) => !LOCAL_ONLY_WORKERS.has(raw.name));
}

/** @throws DeployError of the first worker that does not build */
export async function dryRun(deployment: Deployment): Promise<void> {
  const { run, workers, variables } = deployment;
  const resources = resourcesOf(workers.map(({ raw }) => raw));
  const databaseIds = new Map(resources.databases.map((name) => [name, NO_DATABASE_ID]));
  const deployed = new Set(workers.map(({ raw }) => raw.name));
  await mapBounded(workers, BUILDS_AT_ONCE, async (worker) => {
    const outdir = join(deployment.folder, worker.raw.name, "dist");
    rmSync(outdir, { recursive: true, force: true });
    const config = writeConfig(deployment, worker, { databaseIds, variables, deployed });
    const startedAt = Date.now();
    await run(["deploy", "-c", config, "--dry-run", "--outdir", outdir]);
    console.log(`  ✓ Build ${worker.raw.name} (${seconds(Date.now() - startedAt)})`);
  });
}

/** @param secrets undefined leaves those that are set */
export async function rollOut(deployment: Deployment, secrets: Readonly<Record<string, string>> | undefined): Promise<void> {
  const { run, workers, variables } = deployment;
  await step("Account", () => assertLoggedIn(run));
  const configs = workers.map(({ raw }) => raw);
  const databaseIds = await step("Databases, queues and buckets", () => createMissing(run, resourcesOf(configs)));
  for (const worker of workers) {
    const database = worker.raw.d1_databases?.[0]?.database_name;
    if (database === undefined) continue;
    const config = writeConfig(deployment, worker, { databaseIds, variables, deployed: new Set() });
    await step(`Migrate ${database}`, () => run(["d1", "migrations", "apply", database, "--remote", "-c", config]));
  }
  const names = configs.map((config) => config.name);
  const existing = await step(
    "Workers that are there",
    () => findDeployed(run, names),
    (found) => `${found.size}`,
  );
  for (const { worker: name, bindable, again } of planRollout(configs, existing)) {
    const worker = workers.find(({ raw }) => raw.name === name);
    if (worker === undefined) throw new Error(`no worker ${name}`);
    const config = writeConfig(deployment, worker, { databaseIds, variables, deployed: bindable });
    await step(`${again ? "Bind" : "Deploy"} ${name}`, () => deploy(deployment, worker, config, secrets));
  }
}

async function deploy(
  { run, folder }: Deployment,
  worker: DeployedWorker,
  config: string,
  secrets: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  const own = secrets === undefined ? {} : secretsOf(worker.raw.name, secrets);
  if (Object.keys(own).length === 0) {
    await run(["deploy", "-c", config]);
    return;
  }
  const file = join(folder, worker.raw.name, "secrets.json");
  try {
    writeFileSync(file, JSON.stringify(own), { mode: 0o600 });
    await run(["deploy", "-c", config, "--secrets-file", file]);
  } finally {
    rmSync(file, { force: true });
  }
}

function writeConfig(deployment: Deployment, worker: DeployedWorker, production: Production): string {
  const folder = join(deployment.folder, worker.raw.name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "wrangler.json");
  writeFileSync(file, JSON.stringify(productionConfig(worker.raw, worker.path, production), null, 2));
  return file;
}
