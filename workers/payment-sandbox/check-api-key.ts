/** The secret key as the provider takes it: `Bearer <key>`, or Basic with the key as user and no password. */
export function isApiKey(authorization: string | null, apiKey: string): boolean {
  const given = presentedKey(authorization);
  if (given === undefined) return false;
  const encoder = new TextEncoder();
  const [expected, presented] = [encoder.encode(apiKey), encoder.encode(given)];
  return expected.byteLength === presented.byteLength && crypto.subtle.timingSafeEqual(expected, presented);
}

function presentedKey(authorization: string | null): string | undefined {
  const match = /^(Bearer|Basic) +(\S+)$/i.exec(authorization ?? "");
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  if (match[1].toLowerCase() === "bearer") return match[2];
  try {
    return atob(match[2]).split(":", 1)[0];
  } catch {
    return undefined;
  }
}
