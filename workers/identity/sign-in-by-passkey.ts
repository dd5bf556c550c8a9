/**
 * Sign-in by a passkey: no address, no password. The authenticator has verified its user, so a passkey is two factors at
 * once. All that can be wrong with a presented one looks alike from outside.
 */
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { and, eq, lt, or, sql } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { logger } from "../shared/telemetry.ts";
import { markDevice } from "./device-token.ts";
import type { Site, Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { keyMaterial } from "./key-material.ts";
import { issueChallenge, readChallenge, spendingChallenge } from "./one-time-challenge.ts";
import {
  challengeOf,
  type PresentedCredential,
  type RequestOptions,
  requestOptions,
  textToBase64url,
} from "./passkey-credential.ts";
import type { ProvenPassword } from "./prove-password.ts";
import { customers, type PasskeyRow, passkeys } from "./schema.ts";

export type PasskeyError = Extract<IdentityError, { code: "passkey_refused" }>;
/** Passkeys of nobody in particular: whoever answers says which account it is. */
const ANYBODY = "anybody";

export async function askForPasskey(store: Store, nowMs: number): Promise<RequestOptions> {
  const { token } = await issueChallenge(await keyMaterial(store.keySecret), "passkey_sign_in", ANYBODY, nowMs);
  return requestOptions(store.site, token);
}

/** @param deviceToken of an earlier sign-in on this device. */
export async function provePasskey(
  store: Store,
  credential: PresentedCredential,
  deviceToken: string | null,
  nowMs: number,
): Promise<Result<ProvenPassword, PasskeyError>> {
  const refused = err({ code: "passkey_refused" } as const);
  const signed = challengeOf(credential.response.clientDataJSON);
  if (signed === undefined) return refused;
  const material = await keyMaterial(store.keySecret);
  const challenge = await readChallenge(material, signed.token, "passkey_sign_in", ANYBODY, nowMs);
  const found = await findOwner(store, credential);
  if (challenge === undefined || found === undefined) return refused;
  const { passkey, customer } = found;
  const counter = await verifiedCounter(store.site, passkey, credential, signed.encoded);
  if (counter === undefined) {
    logger("identity").warn("passkey_refused", { passkey: passkey.id });
    return refused;
  }
  // Of two answers with one challenge, or with one count, the first is taken.
  const [spent, counted] = await store.database.batch([
    spendingChallenge(store.database, challenge),
    store.database
      .update(passkeys)
      .set({ counter, lastUsedAtMs: nowMs })
      .where(and(eq(passkeys.id, passkey.id), or(lt(passkeys.counter, counter), sql`${counter} = 0 AND ${passkeys.counter} = 0`)))
      .returning({ id: passkeys.id }),
  ]);
  if (spent.length === 0 || counted.length === 0) return refused;
  return ok({ customer, deviceToken: (await markDevice(store, customer, deviceToken, nowMs)).token });
}

/** An authenticator that also says whose the passkey is must say the same. */
async function findOwner({ database }: Store, { id, response }: PresentedCredential) {
  const found = await database
    .select({ passkey: passkeys, customer: customers })
    .from(passkeys)
    .innerJoin(customers, eq(customers.id, passkeys.customerId))
    .where(and(eq(passkeys.credentialId, id), eq(customers.status, "active")))
    .get();
  if (found === undefined) return undefined;
  return response.userHandle == null || response.userHandle === textToBase64url(found.customer.id) ? found : undefined;
}

/** The authenticator's new count, or undefined for an answer of another site, without its user, altered, or counted before. */
async function verifiedCounter(
  site: Site,
  passkey: PasskeyRow,
  { id, rawId, type, response }: PresentedCredential,
  challenge: string,
): Promise<number | undefined> {
  const { clientDataJSON, authenticatorData, signature } = response;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { id, rawId, type, response: { clientDataJSON, authenticatorData, signature }, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.relyingPartyId,
      credential: {
        id: passkey.credentialId,
        publicKey: Uint8Array.fromBase64(passkey.publicKey, { alphabet: "base64url" }),
        counter: passkey.counter,
      },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch {
    // The library throws for each way in which an answer can be wrong.
    return undefined;
  }
}
