/** Brings every database that the worker under test and its peers use to the newest schema before each test file. */
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

interface MigratedEnv {
  readonly TEST_DATABASES: readonly { readonly binding: string; readonly migrations: Parameters<typeof applyD1Migrations>[1] }[];
}

const { TEST_DATABASES } = env as unknown as MigratedEnv;
for (const { binding, migrations } of TEST_DATABASES) {
  await applyD1Migrations(Reflect.get(env, binding) as D1Database, migrations);
}
