/**
 * What is written down of every privileged act, between the gateway that sees it, the service that knows what changed and the
 * log that keeps it. Pure.
 */
import * as z from "zod";
import { idSchema } from "./identifiers.ts";
import { INTERNAL_HEADER_PREFIX } from "./principal.ts";

/** Longer notes are cut by whoever makes them: a log is read by people. */
export const NOTE_CHARACTERS_MAX = 4_000;

export const ACTOR_KINDS = ["admin_key", "staff", "api_key", "app", "customer"] as const;

export const PrivilegedAttempt = z.strictObject({
  id: idSchema("log"),
  actor: z.strictObject({
    kind: z.enum(ACTOR_KINDS),
    /** The account, the key or the app; null for the admin key. */
    id: z.string().max(200).nullable(),
    /** The app that acts for the account. */
    client: z.string().max(200).nullable(),
    role: z.string().max(50).nullable(),
  }),
  method: z.string().max(20),
  path: z.string().max(2_000),
  /** `orders/ord_…`: what the path is about. */
  resource: z.string().max(300),
  requestId: z.string().max(128),
  network: z.string().max(64).nullable(),
  /** The body as it may be kept, JSON; null without one. */
  asked: z.string().max(NOTE_CHARACTERS_MAX).nullable(),
});
export type PrivilegedAttempt = z.infer<typeof PrivilegedAttempt>;

export const ChangeNote = z.strictObject({
  /** What it was about, when the path did not say: a thing that was made. */
  resource: z.string().max(300).optional(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type ChangeNote = z.infer<typeof ChangeNote>;

export const PrivilegedOutcome = z.strictObject({
  status: z.int().min(100).max(599),
  /** Of the problem that refused it. */
  code: z.string().max(100).nullable(),
  /** What the service noted, JSON of a `ChangeNote`; null when it noted nothing. */
  change: z.string().max(NOTE_CHARACTERS_MAX).nullable(),
});
export type PrivilegedOutcome = z.infer<typeof PrivilegedOutcome>;

/** How a service tells the gateway what changed; never leaves the system. */
export const CHANGE_HEADER = `${INTERNAL_HEADER_PREFIX}change`;

/**
 * For a handler: what its act changed, for the log. Only what may be kept: states, roles, amounts, ids; nothing about a
 * person, no secret. What is too long is left out, whole.
 */
export function noteChange(c: { header(name: string, value: string): void }, note: ChangeNote): void {
  const text = JSON.stringify(note);
  if (text.length <= NOTE_CHARACTERS_MAX) c.header(CHANGE_HEADER, encodeURIComponent(text));
}

/** @returns the note's JSON; null when there is none, or none of ours. */
export function readChange(header: string | null): string | null {
  if (header === null) return null;
  try {
    const text = decodeURIComponent(header);
    return text.length <= NOTE_CHARACTERS_MAX && ChangeNote.safeParse(JSON.parse(text)).success ? text : null;
  } catch {
    return null;
  }
}
