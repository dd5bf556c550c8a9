/**
 * Who calls by an app's access token: a customer within what they allowed the app, or a server with an operator's scopes.
 * That the token is ours is seen by its MAC; whether it stands is asked for every call and never remembered, so that what a
 * customer ends has ended everywhere.
 */
import type { Context } from "hono";
import { verifyCapabilityToken } from "../shared/capability-token.ts";
import { GUEST, type Principal } from "../shared/principal.ts";
import { askIdentity } from "./ask-identity.ts";
import type { GatewayHono } from "./env.ts";

const PREFIX = "oat_";

/** @returns undefined when the bearer is no app's token, null when it is one that does not stand. @throws ProblemError 503 */
export async function appPrincipal(
  c: Context<GatewayHono>,
  secret: string,
  bearer: string,
): Promise<Principal | null | undefined> {
  if (!bearer.startsWith(PREFIX)) return undefined;
  const tokenId = await verifyCapabilityToken(secret, bearer);
  if (tokenId === undefined) return null;
  const access = await askIdentity(() => c.env.IDENTITY.appAccess(tokenId));
  if (access === null) return null;
  const { clientId: client, customerId } = access;
  const scopes = [...access.scopes];
  if (customerId === null) return { ...GUEST, kind: "operator", subject: client, scopes, client };
  return { ...GUEST, kind: "customer", subject: customerId, scopes, client };
}
