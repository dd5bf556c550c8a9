/** Bindings of the identity worker and its configuration, checked once at start. */
import { env } from "cloudflare:workers";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { parseConfiguration, SecretVariable } from "../shared/configuration.ts";

export interface Env {
  readonly DATABASE: D1Database;
  /** Seals private signing keys and derives refresh tokens. Changing it makes a new signing key on the next sign-in. */
  readonly KEY_ENCRYPTION_SECRET: string;
  /** Signs the cookie of a browser's session; the same value as at the gateway. */
  readonly CAPABILITY_SECRET: string;
}

const Configuration = z.object({ KEY_ENCRYPTION_SECRET: SecretVariable, CAPABILITY_SECRET: SecretVariable });

export const configuration = parseConfiguration("identity", Configuration, env);

export type Database = DrizzleD1Database;

/** What the use cases work with. */
export interface Store {
  readonly database: Database;
  readonly keySecret: string;
}

export function openStore(bindings: Env): Store {
  return { database: drizzle(bindings.DATABASE), keySecret: configuration.KEY_ENCRYPTION_SECRET };
}
