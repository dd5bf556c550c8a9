/** What the routers need of a worker's toml. Wrangler's own reader would take longer than all routers together. */
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { configPath } from "../../scripts/workers.ts";

interface WorkerToml {
  readonly name: string;
  readonly vars?: Readonly<Record<string, string>>;
}

export function readToml(config: string): WorkerToml {
  return parse(readFileSync(configPath(config), "utf8")) as unknown as WorkerToml;
}
