/**
 * What browsers and authenticators send of a passkey (WebAuthn Level 3, `toJSON()`), and the options they are asked with.
 * Schemas and data only; the signatures are `@simplewebauthn/server`'s to judge.
 */
import { z } from "@hono/zod-openapi";
import type { Site } from "./env.ts";
import type { PasskeyRow } from "./schema.ts";

/** How long the browser waits for its user; our challenge lives as long. */
const TIMEOUT_MS = 5 * 60_000;
/** EdDSA, ES256 and RS256 (IANA COSE Algorithms). */
export const ALGORITHMS = [-8, -7, -257] as const;
const TRANSPORTS = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"] as const;

/** @param bytes at most, before the encoding. */
function base64url(bytes: number) {
  return z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, "must be base64url")
    .max(Math.ceil((bytes * 4) / 3));
}

/** WebAuthn §5.1: at most 1023 bytes. */
const CredentialId = base64url(1_023);
const ClientData = base64url(4_096);
const shared = {
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal("public-key"),
  authenticatorAttachment: z.string().max(50).nullable().optional(),
  clientExtensionResults: z.record(z.string(), z.unknown()).optional(),
};

export const NewCredential = z
  .strictObject({
    ...shared,
    response: z.strictObject({
      clientDataJSON: ClientData,
      attestationObject: base64url(16_384),
      authenticatorData: base64url(16_384).optional(),
      transports: z.array(z.string().max(50)).max(20).optional(),
      publicKey: base64url(4_096).nullable().optional(),
      publicKeyAlgorithm: z.int().optional(),
    }),
  })
  .openapi("NewPasskeyCredential");
export type NewCredential = z.infer<typeof NewCredential>;

export const PresentedCredential = z
  .strictObject({
    ...shared,
    response: z.strictObject({
      clientDataJSON: ClientData,
      authenticatorData: base64url(4_096),
      signature: base64url(1_024),
      userHandle: base64url(64).nullable().optional(),
    }),
  })
  .openapi("PasskeyCredential");
export type PresentedCredential = z.infer<typeof PresentedCredential>;

const Descriptor = z.strictObject({ id: z.string(), type: z.literal("public-key"), transports: z.array(z.enum(TRANSPORTS)) });

export const CreationOptions = z
  .strictObject({
    rp: z.strictObject({ id: z.string(), name: z.string() }),
    user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
    challenge: z.string(),
    pubKeyCredParams: z.array(z.strictObject({ type: z.literal("public-key"), alg: z.int() })),
    timeout: z.int(),
    excludeCredentials: z.array(Descriptor),
    authenticatorSelection: z.strictObject({
      residentKey: z.literal("required"),
      requireResidentKey: z.literal(true),
      userVerification: z.literal("required"),
    }),
    attestation: z.literal("none"),
  })
  .openapi("PasskeyCreationOptions");
export type CreationOptions = z.infer<typeof CreationOptions>;

export const RequestOptions = z
  .strictObject({
    rpId: z.string(),
    challenge: z.string(),
    timeout: z.int(),
    allowCredentials: z.array(Descriptor),
    userVerification: z.literal("required"),
  })
  .openapi("PasskeyRequestOptions");
export type RequestOptions = z.infer<typeof RequestOptions>;

/** The challenge and the user's handle travel as bytes. */
export function textToBase64url(text: string): string {
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}

const ClientDataChallenge = z.object({ challenge: z.string() });

/** The challenge that the browser says it signs: as the library compares it, and as we issued it. */
export function challengeOf(clientDataJson: string): { readonly encoded: string; readonly token: string } | undefined {
  try {
    const { challenge: encoded } = ClientDataChallenge.parse(JSON.parse(base64urlToText(clientDataJson)));
    return { encoded, token: base64urlToText(encoded) };
  } catch {
    return undefined;
  }
}

/** @throws when it is not base64url of UTF-8. */
function base64urlToText(encoded: string): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
    Uint8Array.fromBase64(encoded, { alphabet: "base64url" }),
  );
}

interface Owner {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
}

/** The authenticator keeps the key and its owner, so that no address is asked at sign-in. */
export function creationOptions(site: Site, owner: Owner, known: readonly PasskeyRow[], challenge: string): CreationOptions {
  return {
    rp: { id: site.relyingPartyId, name: site.name },
    user: { id: textToBase64url(owner.id), name: owner.email, displayName: owner.name ?? owner.email },
    challenge: textToBase64url(challenge),
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    timeout: TIMEOUT_MS,
    excludeCredentials: known.map((passkey) => ({
      id: passkey.credentialId,
      type: "public-key",
      transports: knownTransports(JSON.parse(passkey.transports)),
    })),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    attestation: "none",
  };
}

export function requestOptions(site: Site, challenge: string): RequestOptions {
  return {
    rpId: site.relyingPartyId,
    challenge: textToBase64url(challenge),
    timeout: TIMEOUT_MS,
    allowCredentials: [],
    userVerification: "required",
  };
}

/** Those that have a name; others are left out. */
export function knownTransports(named: unknown): (typeof TRANSPORTS)[number][] {
  const names = z.array(z.string()).safeParse(named).data ?? [];
  return TRANSPORTS.filter((transport) => names.includes(transport));
}
