/**
 * An app registers itself (RFC 7591). Anybody may, so it is bounded three ways: attempts by network, apps in all, and an app
 * that no customer has allowed is forgotten after a week.
 */
import { sql } from "drizzle-orm";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Database } from "../env.ts";
import { takeAttempts } from "../guess-quotas.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import { APP_GRANT_TYPES, parseMetadata } from "./client-metadata.ts";
import { type ClientWithSecret, newClient } from "./new-client.ts";
import { type OAuthError, oauthError } from "./oauth-error.ts";
import { type ClientRow, oauthClients } from "./schema.ts";

/** Far more than a shop's customers use; a full table refuses new apps and harms nobody else. */
export const SELF_REGISTERED_MAX = 10_000;

/** RFC 7591 §3.2.1. */
export interface RegistrationAnswer {
  readonly client_id: string;
  readonly client_id_issued_at: number;
  readonly client_secret?: string;
  /** 0: never. */
  readonly client_secret_expires_at?: number;
  readonly client_name: string;
  readonly redirect_uris: readonly string[];
  readonly grant_types: readonly string[];
  readonly response_types: readonly string[];
  readonly token_endpoint_auth_method: string;
  readonly scope: string;
}

export async function registerApp(
  server: AuthorizationServer,
  body: unknown,
  network: string | null,
  nowMs: number,
): Promise<Result<RegistrationAnswer, OAuthError>> {
  const parsed = parseMetadata(body);
  if (!parsed.ok) return parsed;
  const taken = await takeAttempts(server, [{ quota: "app_registration_by_network", of: network ?? "unknown" }]);
  if (!taken.ok) {
    const { retryAfterSeconds } = taken.error;
    return err({ ...oauthError("temporarily_unavailable", "Too many registrations from this network."), retryAfterSeconds });
  }
  const made = await newClient({ ...parsed.value, kind: "app", registeredBy: "itself", makerId: null }, nowMs);
  if (!(await insertIfRoom(server.database, made.client))) {
    return err(oauthError("temporarily_unavailable", "No more apps can register now."));
  }
  return ok(registrationAnswer(made));
}

async function insertIfRoom(database: Database, client: ClientRow): Promise<boolean> {
  const { id, kind, registeredBy, name, redirectUris, scope, authMethod, secretSha256, createdAtMs } = client;
  const row = sql`SELECT ${id}, ${kind}, ${registeredBy}, ${name}, ${JSON.stringify(redirectUris)}, ${scope}, ${authMethod},
    ${secretSha256}, NULL, NULL, ${createdAtMs}, NULL
    WHERE (SELECT count(*) FROM ${oauthClients} WHERE ${oauthClients.registeredBy} = 'itself') < ${SELF_REGISTERED_MAX}`;
  const inserted = await database.insert(oauthClients).select(row).returning({ id: oauthClients.id });
  return inserted.length > 0;
}

function registrationAnswer({ client, secret }: ClientWithSecret): RegistrationAnswer {
  return {
    client_id: client.id,
    client_id_issued_at: Math.floor(client.createdAtMs / 1000),
    ...(secret === null ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
    client_name: client.name,
    redirect_uris: client.redirectUris,
    grant_types: APP_GRANT_TYPES,
    response_types: ["code"],
    token_endpoint_auth_method: client.authMethod,
    scope: client.scope,
  };
}
