/** What the consent page shows, and what follows from the customer's word: a code for the app, or a no. */
import { eq, exists, sql } from "drizzle-orm";
import { sha256Hex } from "../../shared/idempotency.ts";
import { newId } from "../../shared/identifiers.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { AuthorizationQuestion, AuthorizationRefusal, Consent, ConsentRefusal } from "../contract.ts";
import type { Database } from "../env.ts";
import { findAccount, stands } from "../find-account.ts";
import { tellingOwner } from "../notify-owner.ts";
import { SESSION_LIFETIME_MS } from "../refresh-token.ts";
import { customers, sessions } from "../schema.ts";
import { findClient } from "./authenticate-client.ts";
import { type AuthorizationRequest, checkAuthorizationRequest } from "./authorization-request.ts";
import { type AuthorizationServer, readParameters } from "./authorization-server.ts";
import { redirectAddress, targetOf } from "./redirect-uri.ts";
import { oauthGrants } from "./schema.ts";
import { isCustomerScope, splitScope } from "./scopes.ts";

const CODE_BYTES = 32;
/** RFC 6749 §4.1.2 recommends ten minutes at most; a browser that is sent on needs seconds. */
export const CODE_LIFETIME_MS = 60_000;
/** However often it is refreshed, the customer is asked again after this long. */
export const GRANT_LIFETIME_MS = SESSION_LIFETIME_MS;

/** @param query of the address that the app sent the browser to. */
export async function readAuthorization(
  server: AuthorizationServer,
  query: string,
): Promise<Result<AuthorizationQuestion, AuthorizationRefusal>> {
  const request = await readRequest(server, query);
  if (!request.ok) return request;
  const { client, redirectUri, scope } = request.value;
  return ok({
    clientName: client.name,
    isVetted: client.registeredBy === "operator",
    redirectUri,
    target: targetOf(redirectUri),
    scopes: splitScope(scope).filter(isCustomerScope),
  });
}

/** The request is checked again: what the form brings back is only the browser's word. */
export async function answerAuthorization(
  server: AuthorizationServer,
  consent: Consent,
  nowMs: number,
): Promise<Result<{ readonly redirectTo: string }, ConsentRefusal>> {
  const checked = await readRequest(server, consent.query);
  if (!checked.ok) return checked;
  const { redirectUri, state } = checked.value;
  const answer = (parameters: Readonly<Record<string, string>>) =>
    ok({ redirectTo: redirectAddress(redirectUri, { ...parameters, state, iss: server.issuer }) });
  if (!consent.isAllowed) return answer({ error: "access_denied", error_description: "The customer said no." });
  const code = crypto.getRandomValues(new Uint8Array(CODE_BYTES)).toBase64({ alphabet: "base64url", omitPadding: true });
  const isOpened = await openGrant(server, checked.value, consent, await sha256Hex(code), nowMs);
  return isOpened ? answer({ code }) : err({ code: "session_ended" });
}

async function readRequest({ database, issuer }: AuthorizationServer, query: string) {
  const parameters = readParameters(query);
  const client = await findClient(database, parameters?.get("client_id") ?? "");
  return checkAuthorizationRequest(client, parameters, issuer);
}

/** Nothing is opened unless the session stands and is the customer's, who hears of it by mail. */
async function openGrant(
  server: AuthorizationServer,
  request: AuthorizationRequest,
  { customerId, sessionId }: Consent,
  codeSha256: string,
  nowMs: number,
): Promise<boolean> {
  const { database } = server;
  const account = await findAccount(database, sessionId, nowMs);
  if (account?.customer.id !== customerId) return false;
  const grantId = newId("grt", nowMs);
  const isLetIn = exists(database.select({ id: oauthGrants.id }).from(oauthGrants).where(eq(oauthGrants.id, grantId)));
  const notice = await tellingOwner(server, account.customer, "app_allowed", nowMs, isLetIn);
  const adding = addingGrant(database, request, { grantId, sessionId, codeSha256 }, nowMs);
  const [opened] = await database.batch([adding, ...notice.statements]);
  if (opened.length === 0) return false;
  await notice.announce();
  return true;
}

/** Written only if the session still stands. */
function addingGrant(
  database: Database,
  request: AuthorizationRequest,
  { grantId, sessionId, codeSha256 }: { readonly grantId: string; readonly sessionId: string; readonly codeSha256: string },
  nowMs: number,
) {
  const standing = database
    .select({
      id: sql<string>`${grantId}`.as("id"),
      clientId: sql<string>`${request.client.id}`.as("client_id"),
      customerId: sessions.customerId,
      scope: sql<string>`${request.scope}`.as("scope"),
      codeSha256: sql<string>`${codeSha256}`.as("code_sha256"),
      codeChallenge: sql<string>`${request.codeChallenge}`.as("code_challenge"),
      codeRedirectUri: sql<string | null>`${request.statedRedirectUri}`.as("code_redirect_uri"),
      codeExpiresAtMs: sql<number>`${nowMs + CODE_LIFETIME_MS}`.as("code_expires_at_ms"),
      codeUsedAtMs: sql<number | null>`NULL`.as("code_used_at_ms"),
      createdAtMs: sql<number>`${nowMs}`.as("created_at_ms"),
      lastUsedAtMs: sql<number>`${nowMs}`.as("last_used_at_ms"),
      expiresAtMs: sql<number>`${nowMs + GRANT_LIFETIME_MS}`.as("expires_at_ms"),
      revokedAtMs: sql<number | null>`NULL`.as("revoked_at_ms"),
      revokedReason: sql<null>`NULL`.as("revoked_reason"),
    })
    .from(sessions)
    .innerJoin(customers, eq(customers.id, sessions.customerId))
    .where(stands(sessionId, nowMs));
  return database.insert(oauthGrants).select(standing).returning({ id: oauthGrants.id });
}
