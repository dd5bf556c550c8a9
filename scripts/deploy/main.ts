/**
 * `npm run deploy -- --url https://shop.example [--secrets FILE] [--dry-run]`: creates what the account lacks (databases,
 * queues, buckets), migrates, and deploys every worker. Needs `wrangler login` or CLOUDFLARE_API_TOKEN; a dry run needs
 * neither. Services bind each other in circles, so a first deployment goes twice round.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "smol-toml";
import { step } from "../lib/progress.ts";
import { configPath, ROOT, WORKER_CONFIGS } from "../workers.ts";
import {
  LOCAL_ONLY_WORKERS,
  type Production,
  productionConfig,
  type RawConfig,
  type Resources,
  resourcesOf,
} from "./production-config.ts";

const USAGE = `usage: npm run deploy -- --url https://shop.example [options]

  --url URL        where the gateway will answer (PUBLIC_URL)
  --origins LIST   browser origins that may call the API, comma-separated (default: the URL)
  --secrets FILE   .env file with ADMIN_API_KEY, CAPABILITY_SECRET, KEY_ENCRYPTION_SECRET, STRIPE_API_KEY,
                   STRIPE_WEBHOOK_SECRET; uploaded with each worker. Without it, the secrets that are set stay.
  --mail-from A    sender address of a domain with Email Routing (MAIL_FROM)
  --dry-run        builds every worker with its production config and uploads nothing
`;
/** Enough of an id for a dry run. */
const NO_DATABASE_ID = "00000000-0000-0000-0000-000000000000";

interface Worker {
  readonly path: string;
  readonly raw: RawConfig;
}

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    origins: { type: "string" },
    secrets: { type: "string" },
    "mail-from": { type: "string" },
    "dry-run": { type: "boolean", default: false },
  },
});

function wrangler(args: readonly string[], input?: string): string {
  const result = spawnSync(process.execPath, [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, FORCE_COLOR: "0" },
    ...(input === undefined ? {} : { input }),
  });
  if (result.status === 0) return result.stdout;
  throw new Error(`wrangler ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
}

function readWorkers(): Worker[] {
  return WORKER_CONFIGS.map((config) => ({
    path: configPath(config),
    raw: parse(readFileSync(configPath(config), "utf8")) as unknown as RawConfig,
  })).filter(({ raw }) => !LOCAL_ONLY_WORKERS.has(raw.name));
}

/** @returns database name → id. */
function createMissing(resources: Resources): Map<string, string> {
  const list = (): { name: string; uuid: string }[] =>
    JSON.parse(wrangler(["d1", "list", "--json"])) as { name: string; uuid: string }[];
  const known = new Set(list().map((database) => database.name));
  for (const name of resources.databases) if (!known.has(name)) wrangler(["d1", "create", name]);
  for (const queue of resources.queues) tolerateExisting(["queues", "create", queue]);
  for (const bucket of resources.buckets) tolerateExisting(["r2", "bucket", "create", bucket]);
  return new Map(list().map((database) => [database.name, database.uuid]));
}

function tolerateExisting(args: readonly string[]): void {
  try {
    wrangler(args);
  } catch (error) {
    if (!/already (exists|taken|own)/i.test(String(error))) throw error;
  }
}

function writeConfig(worker: Worker, production: Production): string {
  const directory = join(ROOT, ".wrangler", "deploy", worker.raw.name);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "wrangler.json");
  writeFileSync(file, JSON.stringify(productionConfig(worker.raw, worker.path, production), null, 2));
  return file;
}

function deploy(worker: Worker, production: Production): void {
  const dryRun = values["dry-run"] ? ["--dry-run", "--outdir", join(ROOT, ".wrangler", "deploy", worker.raw.name, "dist")] : [];
  const secrets = values.secrets === undefined || values["dry-run"] ? [] : ["--secrets-file", values.secrets];
  wrangler(["deploy", "-c", writeConfig(worker, production), ...dryRun, ...secrets]);
}

async function main(): Promise<void> {
  if (values.url === undefined || !/^https:\/\/[^/]+$/.test(values.url)) throw new Error(USAGE);
  if (values.secrets !== undefined && !existsSync(values.secrets))
    throw new Error(`There is no file ${values.secrets}.\n\n${USAGE}`);
  const workers = readWorkers();
  const resources = resourcesOf(workers.map(({ raw }) => raw));
  const variables = {
    ENVIRONMENT: "production",
    PUBLIC_URL: values.url,
    ALLOWED_ORIGINS: values.origins ?? values.url,
    ...(values["mail-from"] === undefined ? {} : { MAIL_FROM: values["mail-from"] }),
  };
  const everyone = new Set(workers.map(({ raw }) => raw.name));
  if (values["dry-run"]) {
    const databaseIds = new Map(resources.databases.map((name) => [name, NO_DATABASE_ID]));
    for (const worker of workers)
      await step(worker.raw.name, async () => deploy(worker, { databaseIds, variables, deployed: everyone }));
    return;
  }
  const databaseIds = await step("Databases, queues and buckets", async () => createMissing(resources));
  for (const worker of workers) {
    const database = worker.raw.d1_databases?.[0]?.database_name;
    if (database === undefined) continue;
    const config = writeConfig(worker, { databaseIds, variables, deployed: new Set() });
    await step(`Migrate ${database}`, async () => wrangler(["d1", "migrations", "apply", database, "--remote", "-c", config]));
  }
  // The gateway is last: nobody is sent to a service that is not there.
  const inOrder = [...workers.slice(1), ...workers.slice(0, 1)];
  const deployed = new Set<string>();
  for (const worker of inOrder) {
    await step(`Deploy ${worker.raw.name}`, async () => deploy(worker, { databaseIds, variables, deployed: new Set(deployed) }));
    deployed.add(worker.raw.name);
  }
  for (const worker of inOrder) {
    await step(`Bind ${worker.raw.name}`, async () => deploy(worker, { databaseIds, variables, deployed: everyone }));
  }
  console.log(`\n  Deployed. Point Stripe's webhook at ${values.url}/v1/webhooks/stripe and check ${values.url}/healthz`);
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
