/** Clients that operators make: servers with the shop's scopes, and apps that need not, or may not, register themselves. */
import { and, desc, eq, lt } from "drizzle-orm";
import type { OperatorScope } from "../../shared/principal.ts";
import type { StaffRole } from "../../shared/staff-roles.ts";
import type { Database } from "../env.ts";
import { customers, staff } from "../schema.ts";
import type { NewApp } from "./client-metadata.ts";
import { newClientSecret } from "./client-secret.ts";
import { type ClientWithSecret, newClient } from "./new-client.ts";
import { type ClientRow, oauthAccessTokens, oauthClients } from "./schema.ts";
import { joinScope } from "./scopes.ts";

export type NewClientTraits =
  | { readonly kind: "server"; readonly name: string; readonly scopes: readonly OperatorScope[] }
  | ({ readonly kind: "app" } & NewApp);

/** @param makerId whose power a server borrows; null with the admin key. */
export async function createClient(
  database: Database,
  traits: NewClientTraits,
  makerId: string | null,
  nowMs: number,
): Promise<ClientWithSecret> {
  const made = await newClient({ ...rowTraits(traits), registeredBy: "operator", makerId }, nowMs);
  await database.insert(oauthClients).values(made.client);
  return made;
}

function rowTraits(traits: NewClientTraits) {
  if (traits.kind === "app") return traits;
  const { kind, name, scopes } = traits;
  return { kind, name, redirectUris: [], scope: joinScope(scopes), authMethod: "client_secret_basic" } as const;
}

export interface ListedClient {
  readonly client: ClientRow;
  /** Null for one that nobody of the staff made, or whose maker has left. */
  readonly makerRole: StaffRole | null;
}

/** Newest first. @param beforeId ids sort by time: the page after this client. */
export async function listClients(
  database: Database,
  page: { readonly limit: number; readonly beforeId: string | undefined },
): Promise<readonly ListedClient[]> {
  return await database
    .select({ client: oauthClients, makerRole: staff.role })
    .from(oauthClients)
    .leftJoin(customers, and(eq(customers.id, oauthClients.makerId), eq(customers.status, "active")))
    .leftJoin(staff, eq(staff.customerId, customers.id))
    .where(page.beforeId === undefined ? undefined : lt(oauthClients.id, page.beforeId))
    .orderBy(desc(oauthClients.id))
    .limit(page.limit);
}

/**
 * Without an overlap the old secret has leaked: it stops now, and so does every token that the client has. With one, both
 * secrets work until it ends. Whoever rotates it is its maker from then on. @returns undefined when there is no secret, or somebody else has just changed it.
 */
export async function rotateSecret(
  database: Database,
  client: ClientRow,
  makerId: string | null,
  overlapMs: number,
  nowMs: number,
): Promise<ClientWithSecret | undefined> {
  if (client.secretSha256 === null) return undefined;
  const { secret, sha256 } = await newClientSecret();
  const previous =
    overlapMs === 0
      ? { previousSecretSha256: null, previousSecretUntilMs: null }
      : { previousSecretSha256: client.secretSha256, previousSecretUntilMs: nowMs + overlapMs };
  const unchanged = and(eq(oauthClients.id, client.id), eq(oauthClients.secretSha256, client.secretSha256));
  const rotating = database
    .update(oauthClients)
    .set({ secretSha256: sha256, makerId, ...previous })
    .where(unchanged)
    .returning();
  const ending = database.delete(oauthAccessTokens).where(eq(oauthAccessTokens.clientId, client.id));
  const [rotated] = overlapMs === 0 ? await database.batch([rotating, ending]) : [await rotating];
  return rotated[0] === undefined ? undefined : { client: rotated[0], secret };
}

/** Its grants and tokens go with it. @returns what it was; undefined when there is no such client. */
export async function deleteClient(database: Database, clientId: string): Promise<ClientRow | undefined> {
  const [deleted] = await database.delete(oauthClients).where(eq(oauthClients.id, clientId)).returning();
  return deleted;
}
