/**
 * `npm run deploy -- --url https://shop.example [--secrets FILE] [--dry-run]`: creates what the account lacks (databases,
 * queues, buckets), migrates, and deploys every worker. Needs `wrangler login` or CLOUDFLARE_API_TOKEN; a dry run needs
 * neither.
 */
import { buildStorefront } from "../build-storefront.ts";
import { readArguments } from "../lib/read-arguments.ts";
import { DeployError, runWrangler } from "./account.ts";
import { DEPLOY_FOLDER, dryRun, readWorkers, rollOut } from "./deploy-workers.ts";
import { readSecrets } from "./production-secrets.ts";
import { readStranglerRules } from "./strangler-rules.ts";

const USAGE = `usage: npm run deploy -- --url https://shop.example [options]

  --url URL        where the gateway will answer (PUBLIC_URL): https, without a path
  --origins LIST   browser origins that may call the API, comma-separated (default: the URL)
  --secrets FILE   .env file with ADMIN_API_KEY, CAPABILITY_SECRET, KEY_ENCRYPTION_SECRET, STRIPE_API_KEY and
                   STRIPE_WEBHOOK_SECRET; each worker gets its own. Without it, the secrets that are set stay.
  --strangler FILE rules of a gradual move (docs/migration.md). Without it, every path is answered here.
  --mail-from A    sender address of a domain with Email Routing (MAIL_FROM)
  --dry-run        builds every worker with its production config and uploads nothing
`;

/** The origin, without a trailing slash. */
function parseUrl(text: string | undefined): string {
  if (text === undefined) throw new DeployError(`--url is missing: where will the shop answer?\n\n${USAGE}`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" || url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "") {
    throw new DeployError(
      `--url must be an https address without a path, such as https://shop.example, not "${text}".\n\n${USAGE}`,
    );
  }
  return url.origin;
}

async function main(): Promise<void> {
  const { values } = readArguments(USAGE, {
    options: {
      url: { type: "string" },
      origins: { type: "string" },
      secrets: { type: "string" },
      strangler: { type: "string" },
      "mail-from": { type: "string" },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const url = parseUrl(values.url);
  // Read before anything is done: a forgotten secret should not be found half way.
  const secrets = values.secrets === undefined ? undefined : readSecrets(values.secrets);
  const variables = {
    ENVIRONMENT: "production",
    PUBLIC_URL: url,
    ALLOWED_ORIGINS: values.origins ?? url,
    RATE_LIMITS: "on",
    STRANGLER_RULES: values.strangler === undefined ? "" : readStranglerRules(values.strangler),
    ...(values["mail-from"] === undefined ? {} : { MAIL_FROM: values["mail-from"] }),
  };
  await buildStorefront();
  const deployment = { run: runWrangler, workers: readWorkers(), variables, folder: DEPLOY_FOLDER };
  if (values["dry-run"]) {
    await dryRun(deployment);
    console.log("\n  Every worker builds. Nothing was uploaded; the bundles lie in .wrangler/deploy.");
    return;
  }
  await rollOut(deployment, secrets);
  console.log(`\n  Deployed. Point Stripe's webhook at ${url}/v1/webhooks/stripe and check ${url}/healthz`);
}

main().catch((error: unknown) => {
  console.error(
    `\nholdfast: ${error instanceof DeployError ? error.message : error instanceof Error ? error.stack : String(error)}`,
  );
  process.exitCode = 1;
});
