/** The two commands of the README, each killed once and ended once on the same state. */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { cronTriggers } from "../../scripts/lib/cron-scheduler.ts";
import { dispatchByHttp } from "../../scripts/lib/dispatch-scheduled.ts";
import { freePort } from "../../scripts/lib/free-port.ts";
import { parseVariables } from "../../scripts/lib/secrets.ts";
import { ROOT } from "../../scripts/workers.ts";
import { ChildSystem, type Settings, until } from "./child-system.ts";

const ENDS_WITHIN_MS = 10_000;
const FILE_DEADLINE_MS = 120_000;
const DEV_VARS = join(ROOT, ".dev.vars");

const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function makeSettings(): Promise<Settings> {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-child-"));
  cleanUps.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return { port: await freePort(), stateDirectory: join(folder, "state"), secretsFile: join(folder, "secrets", ".dev.vars") };
}

async function run(script: "start" | "serve", settings: Settings): Promise<ChildSystem> {
  const system = new ChildSystem(script, settings);
  cleanUps.push(() => system.destroy());
  await system.ready();
  return system;
}

async function request(settings: Settings, method: string, path: string, body?: object): Promise<Response> {
  const key = parseVariables(readFileSync(settings.secretsFile, "utf8"))["ADMIN_API_KEY"] ?? "";
  return await fetch(`http://localhost:${settings.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    signal: AbortSignal.timeout(10_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const PRODUCT = {
  handle: "kept-over-a-kill",
  title: "Kept over a kill",
  status: "active",
  variants: [{ sku: "KEPT-1", prices: [{ amount_minor: 1999, currency: "GBP" }] }],
};

describe.each(["serve", "start"] as const)("npm run %s", (script) => {
  it(
    "gets ready and says where, survives a SIGKILL with its state, and leaves no process when it is ended",
    async () => {
      const devVarsBefore = existsSync(DEV_VARS) ? readFileSync(DEV_VARS, "utf8") : null;
      const settings = await makeSettings();
      const first = await run(script, settings);
      expect(first.printed).toContain(`http://localhost:${settings.port}/v1/products`);
      expect(first.printed).toContain(`ADMIN_API_KEY in ${settings.secretsFile}`);
      expect((await request(settings, "GET", "/healthz")).status).toBe(200);
      expect((await request(settings, "POST", "/v1/admin/products", PRODUCT)).status).toBe(201);

      // The schedule of `npm run serve` is tested in cron.test.ts; here is only what `wrangler dev` lends for it.
      const dispatch = dispatchByHttp(`http://localhost:${settings.port}`);
      const triggers = script === "start" ? cronTriggers() : [];
      for (const { worker, cron } of triggers) await dispatch(worker, cron, Date.now());

      await first.killParents();
      const second = await run(script, settings);
      expect(first.leftOver()).toEqual([]);
      const kept = await request(settings, "GET", `/v1/products/${PRODUCT.handle}`);
      expect([kept.status, ((await kept.json()) as { title: string }).title]).toEqual([200, PRODUCT.title]);

      expect(await second.terminate()).not.toBe(1);
      await until(
        () => second.leftOver().length === 0,
        ENDS_WITHIN_MS,
        () => JSON.stringify(second.leftOver()),
      );
      await expect(request(settings, "GET", "/healthz")).rejects.toThrow();
      expect(existsSync(DEV_VARS) ? readFileSync(DEV_VARS, "utf8") : null).toBe(devVarsBefore);
    },
    FILE_DEADLINE_MS,
  );
});
