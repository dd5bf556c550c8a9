/** A client with its secret, before it is written. Pure but for chance. */
import { newId } from "../../shared/identifiers.ts";
import { newClientSecret } from "./client-secret.ts";
import type { ClientRow } from "./schema.ts";

export interface ClientWithSecret {
  readonly client: ClientRow;
  /** Said once; null for a public app. */
  readonly secret: string | null;
}

type ClientTraits = Pick<ClientRow, "kind" | "registeredBy" | "makerId" | "name" | "redirectUris" | "scope" | "authMethod">;

export async function newClient(traits: ClientTraits, nowMs: number): Promise<ClientWithSecret> {
  const credentials = traits.authMethod === "none" ? undefined : await newClientSecret();
  const client: ClientRow = {
    ...traits,
    id: newId("app", nowMs),
    secretSha256: credentials?.sha256 ?? null,
    previousSecretSha256: null,
    previousSecretUntilMs: null,
    createdAtMs: nowMs,
  };
  return { client, secret: credentials?.secret ?? null };
}
