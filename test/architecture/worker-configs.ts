/** Every wrangler.toml of the repository, as wrangler itself reads it. */
import { globSync } from "node:fs";
import { posix } from "node:path";
import { unstable_readConfig } from "wrangler";
import { configPath, ROOT } from "../../scripts/workers.ts";

/** The part of a configuration that the rules are about. */
interface Configuration {
  readonly name: string | undefined;
  readonly main: string | undefined;
  readonly workers_dev: boolean | undefined;
  readonly preview_urls: boolean | undefined;
  readonly route: unknown;
  readonly routes: readonly unknown[] | undefined;
  readonly durable_objects: { readonly bindings: readonly { readonly class_name: string; readonly script_name?: string }[] };
  readonly migrations: readonly { readonly new_sqlite_classes?: readonly string[] }[];
  readonly d1_databases: readonly { readonly database_id?: string }[];
  readonly ratelimits:
    | readonly {
        readonly name: string;
        readonly namespace_id: string;
        readonly simple: { readonly limit: number; readonly period: number };
      }[]
    | undefined;
  readonly r2_buckets?: readonly unknown[];
  readonly kv_namespaces?: readonly unknown[];
  readonly services: readonly { readonly service: string }[] | undefined;
  readonly queues: {
    readonly producers?: readonly { readonly binding: string; readonly queue: string }[];
    readonly consumers?: readonly {
      readonly queue: string;
      readonly max_retries?: number;
      readonly dead_letter_queue?: string;
    }[];
  };
}

export interface WorkerConfig {
  /** From the root: `workers/orders/wrangler.toml`. */
  readonly file: string;
  /** Where its entry lives: `workers/orders/`. */
  readonly folder: string;
  readonly config: Configuration;
}

export function readWorkerConfigs(): WorkerConfig[] {
  const files = ["wrangler.toml", ...globSync("{workers,queues}/*/wrangler.toml", { cwd: ROOT }).sort()];
  return files.map((file) => {
    const config: Configuration = unstable_readConfig({ config: configPath(file) });
    const entry = posix.relative(ROOT, config.main ?? "");
    return { file, folder: `${posix.dirname(entry)}/`, config };
  });
}

/** `SkuStock` → `sku-stock`: an object's folder is its class's name. */
export function objectFolder(className: string): string {
  return className.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** Service folder → object folders. */
export function objectOwners(workers: readonly WorkerConfig[]): Map<string, string[]> {
  return new Map(
    workers.map(({ folder, config }) => [
      folder,
      config.durable_objects.bindings.map((binding) => objectFolder(binding.class_name)),
    ]),
  );
}
