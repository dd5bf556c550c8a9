/** `npm run deploy -- --dry-run`: wrangler itself builds every worker with its production config, without an account. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEPLOY_FOLDER, readWorkers } from "../../scripts/deploy/deploy-workers.ts";
import { LOCAL_ONLY_WORKERS, type RawConfig } from "../../scripts/deploy/production-config.ts";
import { ROOT } from "../../scripts/workers.ts";

const BUILD_DEADLINE_MS = 180_000;

async function deploy(...args: string[]): Promise<{ readonly code: number | null; readonly printed: string }> {
  const { CLOUDFLARE_API_TOKEN: _, ...env } = process.env;
  const child = spawn("npm", ["run", "--silent", "deploy", "--", ...args], { cwd: ROOT, env });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, printed };
}

describe("npm run deploy", () => {
  it(
    "builds every worker with its production config in a dry run",
    async () => {
      const { code, printed } = await deploy("--url", "https://shop.example", "--dry-run");
      expect(printed).toContain("Every worker builds");
      expect(code).toBe(0);
      for (const { raw } of readWorkers()) {
        const folder = join(DEPLOY_FOLDER, raw.name);
        const config = readFileSync(join(folder, "wrangler.json"), "utf8");
        expect(config, raw.name).not.toMatch(/localhost/);
        for (const { service } of (JSON.parse(config) as RawConfig).services ?? [])
          expect(LOCAL_ONLY_WORKERS.has(service)).toBe(false);
        if (raw.name === "holdfast-gateway") expect((JSON.parse(config) as RawConfig).vars?.["RATE_LIMITS"]).toBe("on");
        expect(existsSync(join(folder, "dist", "index.js")), raw.name).toBe(true);
      }
    },
    BUILD_DEADLINE_MS,
  );

  it("says what is wrong and how it is called, without a stack", async () => {
    const unsafe = await deploy("--url", "http://shop.example");
    expect(unsafe).toMatchObject({
      code: 1,
      printed: expect.stringMatching(/must be an https address[\s\S]*usage: npm run deploy/),
    });
    const misspelt = await deploy("--ulr", "https://shop.example");
    expect(misspelt.printed).toMatch(/Unknown option '--ulr'/);
    const noRules = await deploy("--url", "https://shop.example", "--strangler", "package.json");
    expect(noRules.printed).toMatch(/package\.json \(--strangler\) is wrong:\n {2}origins: /);
    const noFile = await deploy("--url", "https://shop.example", "--secrets", "nowhere.env");
    expect(noFile.printed).toMatch(/There is no file nowhere\.env/);
    for (const { printed } of [unsafe, misspelt, noFile]) expect(printed).not.toMatch(/\n\s+at /);
  });
});
