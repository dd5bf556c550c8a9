/** `npm run check`: types, lint and format, dead code. (Import boundaries and the API's lint run with the tests.) */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildStorefront } from "./build-storefront.ts";
import { ROOT } from "./workers.ts";

const CHECKS: readonly (readonly [title: string, command: string, ...args: string[]])[] = [
  ["Types", "typescript/bin/tsc", "-p", "."],
  ["Types of what runs in browsers", "typescript/bin/tsc", "-p", "workers/storefront/islands"],
  ["Lint and format", "@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "."],
  ["Dead code", "knip/bin/knip.js"],
];

await buildStorefront();
let failed = false;
for (const [title, command, ...args] of CHECKS) {
  const startedAt = Date.now();
  const result = spawnSync(process.execPath, [join(ROOT, "node_modules", command), ...args], { cwd: ROOT, encoding: "utf8" });
  const ok = result.status === 0;
  console.log(`${ok ? "✓" : "✗"} ${title} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!ok) {
    failed = true;
    console.log(result.stdout + result.stderr);
  }
}
process.exit(failed ? 1 : 0);
