/** Brings the worker's own D1 and those of its peers to the newest schema before each test file. */
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

type Migrations = Parameters<typeof applyD1Migrations>[1];

interface MigratedEnv {
  readonly DATABASE: D1Database;
  readonly TEST_MIGRATIONS: Migrations;
  readonly TEST_PEER_MIGRATIONS: readonly { readonly binding: string; readonly migrations: Migrations }[];
}

const { DATABASE, TEST_MIGRATIONS, TEST_PEER_MIGRATIONS } = env as unknown as MigratedEnv;
await applyD1Migrations(DATABASE, TEST_MIGRATIONS);
for (const peer of TEST_PEER_MIGRATIONS) {
  await applyD1Migrations(Reflect.get(env, peer.binding) as D1Database, peer.migrations);
}
