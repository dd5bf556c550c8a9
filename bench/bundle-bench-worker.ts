/** A worker of the benches as one script, as Miniflare takes it. */
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "../scripts/workers.ts";

/** @param entry below `bench/` */
export async function bundleBenchWorker(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [join(ROOT, "bench", entry)],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker"],
    external: ["cloudflare:*", "node:*"],
    write: false,
  });
  return result.outputFiles[0]?.text ?? "";
}
