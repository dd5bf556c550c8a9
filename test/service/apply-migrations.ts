/** Brings the worker's own D1 to the newest schema before each test file. */
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

interface MigratedEnv {
  readonly DATABASE: D1Database;
  readonly TEST_MIGRATIONS: Parameters<typeof applyD1Migrations>[1];
}

const { DATABASE, TEST_MIGRATIONS } = env as unknown as MigratedEnv;
await applyD1Migrations(DATABASE, TEST_MIGRATIONS);
