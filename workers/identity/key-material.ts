/**
 * Keys derived from KEY_ENCRYPTION_SECRET by HKDF, one per purpose: AES-GCM for private signing keys, HMAC for the chain of
 * refresh tokens, the marks of known devices, the links in mails, one-time challenges and the names of buckets. Derived once per isolate.
 */

export interface KeyMaterial {
  readonly sealing: CryptoKey;
  readonly refreshChain: CryptoKey;
  readonly devices: CryptoKey;
  readonly buckets: CryptoKey;
  readonly links: CryptoKey;
  readonly challenges: CryptoKey;
}

const encoder = new TextEncoder();
/** NIST SP 800-38D §8.2.2: 96 random bits for each sealing. */
const IV_BYTES = 12;

let derived: { readonly secret: string; readonly keys: Promise<KeyMaterial> } | undefined;

export function keyMaterial(secret: string): Promise<KeyMaterial> {
  if (derived?.secret !== secret) derived = { secret, keys: derive(secret) };
  return derived.keys;
}

async function derive(secret: string): Promise<KeyMaterial> {
  const root = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey"]);
  const forPurpose = (purpose: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(0),
    info: encoder.encode(`holdfast identity ${purpose}`),
  });
  const mac = { name: "HMAC", hash: "SHA-256", length: 256 };
  const [sealing, refreshChain, devices, buckets, links, challenges] = await Promise.all([
    crypto.subtle.deriveKey(forPurpose("signing keys"), root, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
    crypto.subtle.deriveKey(forPurpose("refresh tokens"), root, mac, false, ["sign"]),
    crypto.subtle.deriveKey(forPurpose("known devices"), root, mac, false, ["sign", "verify"]),
    crypto.subtle.deriveKey(forPurpose("attempt buckets"), root, mac, false, ["sign"]),
    crypto.subtle.deriveKey(forPurpose("links in mails"), root, mac, false, ["sign", "verify"]),
    crypto.subtle.deriveKey(forPurpose("one-time challenges"), root, mac, false, ["sign", "verify"]),
  ]);
  return { sealing, refreshChain, devices, buckets, links, challenges };
}

/** @param label bound into the seal: what was sealed for one key cannot be opened as another. */
export async function seal(material: KeyMaterial, label: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: encoder.encode(label) },
    material.sealing,
    encoder.encode(text),
  );
  return `${iv.toBase64()}.${new Uint8Array(sealed).toBase64()}`;
}

/** @returns undefined when it was sealed under another secret or label, or was altered. */
export async function unseal(material: KeyMaterial, label: string, sealed: string): Promise<string | undefined> {
  const [iv = "", text = ""] = sealed.split(".");
  try {
    const opened = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: Uint8Array.fromBase64(iv), additionalData: encoder.encode(label) },
      material.sealing,
      Uint8Array.fromBase64(text),
    );
    return new TextDecoder().decode(opened);
  } catch {
    return undefined;
  }
}
