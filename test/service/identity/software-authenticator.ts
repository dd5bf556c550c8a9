/**
 * An authenticator in memory, as WebAuthn Level 3 describes one (§6): ES256 keys, `none` attestation, a counter, and a user
 * who has been verified. A test can make it lie about anything.
 */

const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
const encoder = new TextEncoder();
/** §6.1: user present, user verified, attested credential data included. */
const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 } as const;
export const UNVERIFIED = FLAGS.present;

/** What a test may change of an honest answer. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly flags?: number;
  readonly counter?: number;
  /** Appended to the attestation statement's certificates: `packed` with `x5c`. */
  readonly certificate?: Uint8Array;
  readonly userHandle?: string;
}

export const SITE = { origin: "http://localhost:8787", rpId: "localhost" } as const;

export interface SoftwareAuthenticator {
  readonly credentialId: string;
  create(options: { readonly challenge: string }, lies?: Lies): Promise<object>;
  get(options: { readonly challenge: string }, lies?: Lies): Promise<object>;
}

export async function softwareAuthenticator(userHandle: string): Promise<SoftwareAuthenticator> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const id = crypto.getRandomValues(new Uint8Array(16));
  const credentialId = id.toBase64(BASE64URL);
  const raw = new Uint8Array((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer);
  const [x, y] = [raw.slice(1, 33), raw.slice(33)];
  // RFC 9052 §7: kty EC2, alg ES256, crv P-256.
  const publicKey = map([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, x],
    [-3, y],
  ]);
  let counter = 0;
  const shared = { id: credentialId, rawId: credentialId, type: "public-key", clientExtensionResults: {} };
  return {
    credentialId,
    create: async (options, lies = {}) => {
      const attested = concat(new Uint8Array(16), bigEndian(id.length, 2), id, publicKey);
      const flags = lies.flags ?? FLAGS.present | FLAGS.verified;
      const authData = concat(await header(flags | FLAGS.attested, lies.counter ?? counter, lies), attested);
      const attestation: readonly (readonly [string, CborValue])[] =
        lies.certificate === undefined
          ? [
              ["fmt", "none"],
              ["attStmt", new Map()],
              ["authData", authData],
            ]
          : [
              ["fmt", "packed"],
              ["attStmt", packedBy(lies.certificate)],
              ["authData", authData],
            ];
      const clientDataJSON = clientData("webauthn.create", options.challenge, lies);
      return {
        ...shared,
        response: { clientDataJSON, attestationObject: map(attestation).toBase64(BASE64URL), transports: ["internal"] },
      };
    },
    get: async (options, lies = {}) => {
      counter += 1;
      const authenticatorData = await header(lies.flags ?? FLAGS.present | FLAGS.verified, lies.counter ?? counter, lies);
      const clientDataJSON = clientData("webauthn.get", options.challenge, lies);
      const hash = await crypto.subtle.digest("SHA-256", Uint8Array.fromBase64(clientDataJSON, { alphabet: "base64url" }));
      const signed = concat(authenticatorData, new Uint8Array(hash));
      const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, signed);
      const response = {
        clientDataJSON,
        authenticatorData: authenticatorData.toBase64(BASE64URL),
        signature: derSignature(new Uint8Array(signature)).toBase64(BASE64URL),
        userHandle: lies.userHandle ?? userHandle,
      };
      return { ...shared, authenticatorAttachment: "platform", response };
    },
  };
}

async function header(flags: number, counter: number, { rpId = SITE.rpId }: Lies): Promise<Uint8Array> {
  const rpIdHash = await crypto.subtle.digest("SHA-256", encoder.encode(rpId));
  return concat(new Uint8Array(rpIdHash), new Uint8Array([flags]), bigEndian(counter, 4));
}

function clientData(type: string, challenge: string, lies: Lies): string {
  const said = { type: lies.type ?? type, challenge: lies.challenge ?? challenge, origin: lies.origin ?? SITE.origin };
  return encoder.encode(JSON.stringify({ ...said, crossOrigin: false })).toBase64(BASE64URL);
}

function packedBy(certificate: Uint8Array): CborValue {
  return new Map<string, CborValue>([
    ["alg", -7],
    ["sig", new Uint8Array(70)],
    ["x5c", [certificate]],
  ]);
}

type CborValue = number | string | Uint8Array | readonly CborValue[] | ReadonlyMap<string, CborValue>;

/** RFC 8949, as much as attestations need. */
function cbor(value: CborValue): Uint8Array {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return concat(head(3, encoder.encode(value).length), encoder.encode(value));
  if (value instanceof Uint8Array) return concat(head(2, value.length), value);
  if (value instanceof Map) return map([...value]);
  const items = value as readonly CborValue[];
  return concat(head(4, items.length), ...items.map(cbor));
}

function map(entries: readonly (readonly [number | string, CborValue])[]): Uint8Array {
  return concat(head(5, entries.length), ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)]));
}

function head(major: number, length: number): Uint8Array {
  if (length < 24) return new Uint8Array([(major << 5) | length]);
  if (length < 256) return new Uint8Array([(major << 5) | 24, length]);
  return concat(new Uint8Array([(major << 5) | 25]), bigEndian(length, 2));
}

function bigEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => (value >>> (8 * (bytes - 1 - index))) & 0xff);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** WebAuthn §6.5.5: two DER integers, where WebCrypto gives their 64 bytes. */
function derSignature(raw: Uint8Array): Uint8Array {
  const integers = [raw.slice(0, 32), raw.slice(32)].map((half) => {
    const from = half.findIndex((byte) => byte !== 0);
    const short = half.slice(Math.max(from, 0));
    const positive = (short[0] ?? 0) >= 0x80 ? concat(new Uint8Array([0]), short) : short;
    return concat(new Uint8Array([0x02, positive.length]), positive);
  });
  const body = concat(...integers);
  return concat(new Uint8Array([0x30, body.length]), body);
}
