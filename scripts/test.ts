/** `npm test [-- vitest arguments]`: every test: pure cores in Node, each worker in workerd, the whole system served. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./workers.ts";

const result = spawnSync(process.execPath, [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
});
process.exit(result.status ?? 1);
