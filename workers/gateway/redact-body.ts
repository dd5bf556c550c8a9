/**
 * A request body as the privileged log may keep it: numbers, switches, ids and words of a fixed vocabulary say what was asked;
 * names, addresses, free text and secrets are people's and stay out, however they are nested. Pure.
 */

/** Members whose values are about a person or open something, whatever they look like. */
const PRIVATE_MEMBER =
  /name|mail|phone|address|line[12]|city|region|postal|zip|birth|note|reason|reference|comment|message|text|token|secret|password|credential|authorization|cookie|card|iban|tracking|carrier|^key$|^code$|^q$/i;
/** `placed`, `GBP`, `orders:read`, `ord_…`, `2026-11-21T…`, `SKU-42`. */
const WORD = /^[A-Za-z0-9][A-Za-z0-9_:.-]{0,63}$/;
/** Digits in a row as in card, account and telephone numbers, and keys of ours that somebody put in the wrong place. */
const SUSPICIOUS = /\d{9,}|^hf_live_|^eyJ/;
const DEPTH_MAX = 6;
const MEMBERS_MAX = 50;
const CHARACTERS_MAX = 4_000;

/** @returns JSON of at most `CHARACTERS_MAX`; null without a body. */
export function redactBody(body: ArrayBuffer | null): string | null {
  if (body === null) return null;
  const text = JSON.stringify(redactText(body));
  return text.length <= CHARACTERS_MAX ? text : JSON.stringify({ left_out: `${text.length} characters` });
}

function redactText(body: ArrayBuffer): unknown {
  try {
    return redact(JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body)), 0);
  } catch {
    return `[${body.byteLength} bytes that are no JSON]`;
  }
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === "number") return SUSPICIOUS.test(String(value)) ? "[number]" : value;
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return redactString(value);
  if (depth >= DEPTH_MAX) return "[deeper]";
  if (Array.isArray(value)) {
    const kept = value.slice(0, MEMBERS_MAX).map((entry) => redact(entry, depth + 1));
    return value.length > MEMBERS_MAX ? [...kept, `[${value.length - MEMBERS_MAX} more]`] : kept;
  }
  return redactMembers(Object.entries(value as object), depth);
}

function redactMembers(members: readonly (readonly [string, unknown])[], depth: number): unknown {
  // Names of members are the caller's text, too.
  const kept = members
    .slice(0, MEMBERS_MAX)
    .filter(([name]) => WORD.test(name) && !SUSPICIOUS.test(name) && name !== "__proto__")
    .map(
      ([name, value]) => [name, PRIVATE_MEMBER.test(name) && !isEmpty(value) ? "[private]" : redact(value, depth + 1)] as const,
    );
  const leftOut = members.length - kept.length;
  return Object.fromEntries(leftOut === 0 ? kept : [...kept, ["left_out", leftOut] as const]);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || typeof value === "boolean";
}

/** An id of ours is 26 characters of base 32 and may hold digits in a row. */
const OWN_ID = /^[a-z]{1,16}_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

function redactString(text: string): string {
  if (OWN_ID.test(text)) return text;
  return WORD.test(text) && !SUSPICIOUS.test(text) ? text : `[text, ${text.length} characters]`;
}
