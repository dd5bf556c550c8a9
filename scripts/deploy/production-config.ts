/**
 * Turns a local wrangler.toml into the config that is deployed: real database ids, production variables, absolute paths, no
 * payment sandbox. Pure: the tomls stay the one truth, and what differs in production is all here.
 */
import { dirname, resolve } from "node:path";

/** The parts of a wrangler.toml that deploying changes; everything else passes through. */
export interface RawConfig {
  readonly name: string;
  readonly main?: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly services?: readonly { readonly binding: string; readonly service: string }[];
  readonly d1_databases?: readonly {
    readonly binding: string;
    readonly database_name: string;
    readonly migrations_dir: string;
  }[];
  readonly r2_buckets?: readonly { readonly bucket_name: string }[];
  readonly assets?: { readonly directory: string };
  readonly queues?: {
    readonly producers?: readonly { readonly queue: string }[];
    readonly consumers?: readonly { readonly queue: string; readonly dead_letter_queue?: string }[];
  };
  readonly [key: string]: unknown;
}

export interface Production {
  /** Database name → id in the account. */
  readonly databaseIds: ReadonlyMap<string, string>;
  /** Variables that replace local ones wherever a worker has them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Workers that exist already: a binding to one that does not is refused by the platform. */
  readonly deployed: ReadonlySet<string>;
}

/** The sandbox stands in for Stripe; a shop that takes money must not be able to reach it. */
export const LOCAL_ONLY_WORKERS: ReadonlySet<string> = new Set(["holdfast-payment-sandbox"]);

/** @throws when a database has no id yet. */
export function productionConfig(raw: RawConfig, configPath: string, production: Production): RawConfig {
  const directory = dirname(configPath);
  const absolute = (path: string): string => resolve(directory, path);
  return {
    ...raw,
    ...(raw.main === undefined ? {} : { main: absolute(raw.main) }),
    ...(raw.vars === undefined ? {} : { vars: overridden(raw.vars, production.variables) }),
    ...(raw.assets === undefined ? {} : { assets: { ...raw.assets, directory: absolute(raw.assets.directory) } }),
    services: (raw.services ?? []).filter(({ service }) => !LOCAL_ONLY_WORKERS.has(service) && production.deployed.has(service)),
    d1_databases: (raw.d1_databases ?? []).map((database) => {
      const id = production.databaseIds.get(database.database_name);
      if (id === undefined) throw new Error(`The account has no database ${database.database_name}.`);
      return { ...database, database_id: id, migrations_dir: absolute(database.migrations_dir) };
    }),
  };
}

function overridden(vars: Readonly<Record<string, string>>, variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, variables[name] ?? value]));
}

export interface Resources {
  readonly databases: readonly string[];
  readonly queues: readonly string[];
  readonly buckets: readonly string[];
}

/** What must exist in the account before the workers can be deployed. */
export function resourcesOf(configs: readonly RawConfig[]): Resources {
  const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();
  return {
    databases: unique(configs.flatMap((config) => (config.d1_databases ?? []).map((database) => database.database_name))),
    queues: unique(
      configs.flatMap((config) => [
        ...(config.queues?.producers ?? []).map((producer) => producer.queue),
        ...(config.queues?.consumers ?? []).flatMap((consumer) => [
          consumer.queue,
          ...(consumer.dead_letter_queue === undefined ? [] : [consumer.dead_letter_queue]),
        ]),
      ]),
    ),
    buckets: unique(configs.flatMap((config) => (config.r2_buckets ?? []).map((bucket) => bucket.bucket_name))),
  };
}
