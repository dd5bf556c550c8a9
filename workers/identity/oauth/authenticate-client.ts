/** Who asks at the token endpoint: a client by its secret, in the header or the form, or a public one by its name (RFC 6749 §2.3). */
import { eq } from "drizzle-orm";
import { idSchema } from "../../shared/identifiers.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Database } from "../env.ts";
import { isSecretOf } from "./client-secret.ts";
import { type OAuthError, oauthError } from "./oauth-error.ts";
import { type ClientRow, oauthClients } from "./schema.ts";

const ClientId = idSchema("app");
const UNKNOWN = oauthError("invalid_client", "The client is unknown, or its secret is wrong, missing or not expected.");

interface Presented {
  readonly clientId: string;
  readonly secret: string | undefined;
}

export async function authenticateClient(
  database: Database,
  authorization: string | undefined,
  parameters: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<Result<ClientRow, OAuthError>> {
  const presented = presentedClient(authorization, parameters);
  if (!presented.ok) return presented;
  const { clientId, secret } = presented.value;
  const client = await findClient(database, clientId);
  const isRight = secret === undefined ? client?.authMethod === "none" : await isSecretOf(client, secret, nowMs);
  return client !== undefined && isRight ? ok(client) : err(UNKNOWN);
}

export async function findClient(database: Database, clientId: string): Promise<ClientRow | undefined> {
  if (!ClientId.safeParse(clientId).success) return undefined;
  return await database.select().from(oauthClients).where(eq(oauthClients.id, clientId)).get();
}

function presentedClient(
  authorization: string | undefined,
  parameters: ReadonlyMap<string, string>,
): Result<Presented, OAuthError> {
  const [named, secret] = [parameters.get("client_id"), parameters.get("client_secret")];
  if (authorization === undefined) return named === undefined ? err(UNKNOWN) : ok({ clientId: named, secret });
  const basic = readBasic(authorization);
  if (basic === undefined) return err(UNKNOWN);
  if (secret !== undefined || (named !== undefined && named !== basic.clientId)) {
    return err(oauthError("invalid_request", "Authenticate the client once, by the header or by the form."));
  }
  return ok(basic);
}

/** Both halves are form-encoded first (RFC 6749 §2.3.1). */
function readBasic(authorization: string): Presented | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  try {
    const [, clientId, secret] = /^([^:]*):(.*)$/.exec(atob(encoded)) ?? [];
    if (clientId === undefined || secret === undefined) return undefined;
    return { clientId: formDecode(clientId), secret: formDecode(secret) };
  } catch {
    return undefined;
  }
}

/** @throws URIError */
function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
