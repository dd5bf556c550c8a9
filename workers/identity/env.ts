/** Bindings of the identity worker and its configuration, checked once at start. */
import { env } from "cloudflare:workers";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import type { AttemptQuota } from "../../durable-objects/attempt-quota/index.ts";
import type { PrivilegedLog } from "../../durable-objects/privileged-log/index.ts";
import type { AccountMessageWakeUp } from "../../queues/contracts/account-messages.ts";
import type { OrdersApi } from "../orders/contract.ts";
import { parseConfiguration, SecretVariable, UrlVariable } from "../shared/configuration.ts";

export interface Env {
  readonly DATABASE: D1Database;
  readonly ORDERS: Pick<OrdersApi, "ownAddress">;
  readonly ACCOUNT_MESSAGES: Queue<AccountMessageWakeUp>;
  readonly ATTEMPT_QUOTA: DurableObjectNamespace<AttemptQuota>;
  readonly PRIVILEGED_LOG: DurableObjectNamespace<PrivilegedLog>;
  /** Seals what must not rest in clear and derives tokens. Changing it makes a new signing key on the next sign-in. */
  readonly KEY_ENCRYPTION_SECRET: string;
  /** Signs the cookie of a browser's session; the same value as at the gateway. */
  readonly CAPABILITY_SECRET: string;
  /** Where shoppers and apps reach the gateway: the issuer of OAuth. Passkeys belong to its host. */
  readonly PUBLIC_URL: string;
  /** How authenticator apps and passkey dialogs name the shop. */
  readonly SHOP_NAME: string;
  readonly OAUTH_REGISTRATION: string;
  readonly LOG_LEVEL: string;
}

const Configuration = z.object({
  KEY_ENCRYPTION_SECRET: SecretVariable,
  CAPABILITY_SECRET: SecretVariable,
  PUBLIC_URL: UrlVariable,
  SHOP_NAME: z.string().min(1).max(80),
  /** `closed`: only operators register apps (RFC 7591 is off). */
  OAUTH_REGISTRATION: z.enum(["open", "closed"]).default("open"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

export const configuration = parseConfiguration("identity", Configuration, env);

export type Database = DrizzleD1Database;

/** The shop as browsers and authenticators know it. */
export interface Site {
  readonly name: string;
  /** `https://shop.example`. */
  readonly origin: string;
  /** The WebAuthn relying party's id: the host without the port. */
  readonly relyingPartyId: string;
}

const publicUrl = new URL(configuration.PUBLIC_URL);
const site: Site = { name: configuration.SHOP_NAME, origin: publicUrl.origin, relyingPartyId: publicUrl.hostname };

/** What the use cases work with. */
export interface Store {
  readonly database: Database;
  readonly keySecret: string;
  readonly quotas: DurableObjectNamespace<AttemptQuota>;
  readonly messages: Queue<AccountMessageWakeUp>;
  readonly orders: Pick<OrdersApi, "ownAddress">;
  readonly site: Site;
}

export function openStore(bindings: Env): Store {
  return {
    database: drizzle(bindings.DATABASE),
    keySecret: configuration.KEY_ENCRYPTION_SECRET,
    quotas: bindings.ATTEMPT_QUOTA,
    messages: bindings.ACCOUNT_MESSAGES,
    orders: bindings.ORDERS,
    site,
  };
}
