/** `npm run serve`: the production form of the system on this machine: prebuilt bundles, no dev proxy, no demo data. */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { readSmtpUrl } from "./lib/mail/smtp-url.ts";
import { assertPortFree, endDescendants, endOrphans, onEnd, recordProcesses } from "./lib/processes.ts";
import { seconds, step } from "./lib/progress.ts";
import { announce, waitUntilHealthy } from "./lib/readiness.ts";
import { DEV_VARS, ensureSecrets } from "./lib/secrets.ts";
import { localVariables, readSettings } from "./lib/settings.ts";
import { ROOT } from "./workers.ts";

const STOP_GRACE_MS = 2_000;

async function main(): Promise<void> {
  const startedAt = Date.now();
  const settings = readSettings();
  console.log("Holdfast · production form (npm run serve)");

  const ended = await endOrphans(settings.stateDirectory);
  if (ended > 0) console.log(`  ✓ An earlier run on this state was still there: ${ended} processes ended`);
  await assertPortFree(settings.host, settings.port);
  // No worker needs the mail server's password.
  const { SMTP_URL: smtpUrlOfFile, ...secrets } = ensureSecrets().values;
  const smtpUrl = process.env["SMTP_URL"] ?? smtpUrlOfFile ?? "";
  const smtp = smtpUrl === "" ? {} : { smtpServer: readSmtpUrl(smtpUrl) };
  const record = recordProcesses(settings.stateDirectory);
  // Loaded late: the packages are large, and the checks above should answer at once.
  enableCompileCache(join(ROOT, ".holdfast/compiled"));
  const { migrateAll } = await import("./lib/migrate.ts");
  const { serveSystem } = await import("./lib/serve-system.ts");
  const { cronTriggers, startCron } = await import("./lib/cron-scheduler.ts");
  const { dispatchByMiniflare } = await import("./lib/dispatch-scheduled.ts");

  await step(
    "Databases",
    () => migrateAll(settings.stateDirectory),
    (applied) => `${applied.size} databases, ${[...applied.values()].flat().length} migrations applied`,
  );
  const system = await step("Workers bundled and served", () =>
    serveSystem({
      host: settings.host,
      port: settings.port,
      stateDirectory: settings.stateDirectory,
      variables: { ...secrets, ...localVariables(settings, { ...secrets, ...process.env }) },
      ...smtp,
    }),
  );
  const cron = startCron(cronTriggers(), dispatchByMiniflare(system.miniflare), (message) => console.error(message));
  onEnd(async () => {
    cron.stop();
    record.stop();
    await system.stop();
  });
  await step("Every service healthy", () => waitUntilHealthy(settings.url));
  announce(settings.url, DEV_VARS, seconds(Date.now() - startedAt), system.mails.description);
  const mailsGo = await system.mails.check();
  if (!mailsGo.ok) console.warn(`  ! Mails do not go yet, and are tried again: ${mailsGo.error.message}`);
}

main().catch(async (error: unknown) => {
  console.error(`\nholdfast: ${error instanceof Error ? error.message : String(error)}`);
  await endDescendants(STOP_GRACE_MS);
  process.exit(1);
});
