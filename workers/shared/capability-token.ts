/**
 * Tokens that open one cart or one order: `<id>.<HMAC-SHA-256 of the id>`. An id alone opens nothing, and checking a
 * token needs no storage. Keys are imported once per isolate.
 */
const encoder = new TextEncoder();
const keys = new Map<string, Promise<CryptoKey>>();
const KEYS_MAX = 8;

function keyOf(secret: string): Promise<CryptoKey> {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  if (keys.size >= KEYS_MAX) keys.clear();
  const imported = crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  keys.set(secret, imported);
  return imported;
}

export async function issueCapabilityToken(secret: string, id: string): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", await keyOf(secret), encoder.encode(id));
  return `${id}.${new Uint8Array(mac).toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

/** The id that the token opens; undefined when it is not a token of ours. Compares in constant time. */
export async function verifyCapabilityToken(secret: string, token: string): Promise<string | undefined> {
  const match = /^([a-z]{1,16}_[0-9a-z]{26})\.([A-Za-z0-9_-]{43})$/.exec(token);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const mac = Uint8Array.fromBase64(match[2], { alphabet: "base64url" });
  const valid = await crypto.subtle.verify("HMAC", await keyOf(secret), mac, encoder.encode(match[1]));
  return valid ? match[1] : undefined;
}
