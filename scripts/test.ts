/**
 * `npm test [-- vitest arguments]`: every test: pure cores in Node, each worker in workerd, the whole system served, the shop
 * in a browser.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CHROMIUM_MISSING, hasChromium, isContinuousIntegration } from "./lib/find-chromium.ts";
import { ROOT } from "./workers.ts";

function warnWithoutBrowser(): void {
  if (hasChromium()) return;
  const consequence = isContinuousIntegration() ? "The browser tests fail." : "THE BROWSER TESTS ARE LEFT OUT.";
  console.error(`\nholdfast: ${consequence} ${CHROMIUM_MISSING}\n`);
}

warnWithoutBrowser();
const result = spawnSync(process.execPath, [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
});
// Again at the end, where people look.
warnWithoutBrowser();
process.exit(result.status ?? 1);
