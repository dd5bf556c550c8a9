/**
 * A new passkey for whoever is signed in and knows the password: what it opens later, a borrowed session must not be able to
 * give itself. Attestation is neither asked for nor believed: a certificate in it could make the library call addresses
 * that a stranger chose.
 */
import { verifyRegistrationResponse } from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import { eq } from "drizzle-orm";
import { newId } from "../shared/identifiers.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { logger } from "../shared/telemetry.ts";
import type { Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import type { Account } from "./find-account.ts";
import { keyMaterial } from "./key-material.ts";
import { tellingOwner } from "./notify-owner.ts";
import { issueChallenge, type OneTimeChallenge, readChallenge, spendingChallenge } from "./one-time-challenge.ts";
import {
  ALGORITHMS,
  type CreationOptions,
  challengeOf,
  creationOptions,
  knownTransports,
  type NewCredential,
} from "./passkey-credential.ts";
import { listPasskeys, PASSKEYS_MAX } from "./passkeys.ts";
import { type OwnPasswordError, proveOwnPassword } from "./prove-own-password.ts";
import { type PasskeyRow, passkeys } from "./schema.ts";

type LimitReached = Extract<IdentityError, { code: "passkey_limit_reached" }>;
export type PasskeyOptionsError = OwnPasswordError | LimitReached;
export type RegisterPasskeyError = LimitReached | Extract<IdentityError, { code: "passkey_not_accepted" }>;

function boundTo({ customer, session }: Account): string {
  return `${customer.id} ${session.id}`;
}

export async function offerPasskey(
  store: Store,
  account: Account,
  password: string,
  nowMs: number,
): Promise<Result<CreationOptions, PasskeyOptionsError>> {
  const proven = await proveOwnPassword(store, account.customer, password);
  if (!proven.ok) return proven;
  const known = await listPasskeys(store.database, account.customer.id);
  if (known.length >= PASSKEYS_MAX) return err({ code: "passkey_limit_reached", limit: PASSKEYS_MAX });
  const material = await keyMaterial(store.keySecret);
  const { token } = await issueChallenge(material, "passkey_registration", boundTo(account), nowMs);
  return ok(creationOptions(store.site, account.customer, known, token));
}

interface Verified {
  readonly challenge: OneTimeChallenge;
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
}

export async function registerPasskey(
  store: Store,
  account: Account,
  { credential, name }: { readonly credential: NewCredential; readonly name: string },
  nowMs: number,
): Promise<Result<PasskeyRow, RegisterPasskeyError>> {
  const verified = await verify(store, account, credential, nowMs);
  if (verified === undefined) return err({ code: "passkey_not_accepted" });
  const { challenge, ...key } = verified;
  if ((await spendingChallenge(store.database, challenge)).length === 0) return err({ code: "passkey_not_accepted" });
  const { customer } = account;
  const known = await listPasskeys(store.database, customer.id);
  if (known.length >= PASSKEYS_MAX) return err({ code: "passkey_limit_reached", limit: PASSKEYS_MAX });
  const passkey: PasskeyRow = {
    id: newId("pky", nowMs),
    customerId: customer.id,
    ...key,
    transports: JSON.stringify(knownTransports(credential.response.transports)),
    name,
    createdAtMs: nowMs,
    lastUsedAtMs: null,
  };
  const isNew = await store.database.select().from(passkeys).where(eq(passkeys.credentialId, key.credentialId)).get();
  if (isNew !== undefined) return err({ code: "passkey_not_accepted" });
  const notice = await tellingOwner(store, customer, "passkey_added", nowMs);
  const [added] = await store.database.batch([
    store.database.insert(passkeys).values(passkey).onConflictDoNothing().returning(),
    ...notice.statements,
  ]);
  await notice.announce();
  const [row] = added;
  return row === undefined ? err({ code: "passkey_not_accepted" }) : ok(row);
}

/** @returns undefined for whatever is not a fresh passkey of this site, asked for in this session. */
async function verify(store: Store, account: Account, credential: NewCredential, nowMs: number): Promise<Verified | undefined> {
  const signed = challengeOf(credential.response.clientDataJSON);
  if (signed === undefined) return undefined;
  const material = await keyMaterial(store.keySecret);
  const challenge = await readChallenge(material, signed.token, "passkey_registration", boundTo(account), nowMs);
  if (challenge === undefined) return undefined;
  try {
    if (!isUnattested(credential)) return undefined;
    const { registrationInfo } = await verifyRegistrationResponse({
      response: registrationResponse(credential),
      expectedChallenge: signed.encoded,
      expectedOrigin: store.site.origin,
      expectedRPID: store.site.relyingPartyId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (registrationInfo === undefined) return undefined;
    const { id, publicKey, counter } = registrationInfo.credential;
    return { challenge, credentialId: id, publicKey: publicKey.toBase64({ alphabet: "base64url", omitPadding: true }), counter };
  } catch {
    // The library throws for each way in which an answer can be wrong.
    logger("identity").warn("passkey_not_accepted", { customer: account.customer.id });
    return undefined;
  }
}

/** What the library reads of it. */
function registrationResponse({ id, rawId, type, response }: NewCredential) {
  const { clientDataJSON, attestationObject } = response;
  return { id, rawId, type, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} };
}

/** Without attestation, or by the new key itself: what browsers send when none is asked for (WebAuthn §5.1.3). */
function isUnattested({ response }: NewCredential): boolean {
  const attestation = decodeAttestationObject(Uint8Array.fromBase64(response.attestationObject, { alphabet: "base64url" }));
  const format = attestation.get("fmt");
  return format === "none" || (format === "packed" && attestation.get("attStmt").get("x5c") === undefined);
}
