/**
 * What is written down of every privileged act, between the gateway that sees it, the service that knows what changed and the
 * log that keeps it. Pure.
 */
import * as z from "zod";
import { differenceOf } from "./difference.ts";
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

/** Of one member's value, until the whole note fits: the longest are left out first. */
const MEMBER_CHARACTERS = [NOTE_CHARACTERS_MAX, 1_000, 300, 100, 30] as const;

interface Noting {
  header(name: string, value: string): void;
}

/**
 * For a handler: what its act changed, for the log. Only what may be kept: states, roles, amounts, ids, what the shop shows
 * everybody; nothing about a person, no secret. A value that is too long is told by its length.
 */
export function noteChange(c: Noting, note: ChangeNote): void {
  const texts = MEMBER_CHARACTERS.map((most) => JSON.stringify(shortened(note, most)));
  const text = texts.find(({ length }) => length <= NOTE_CHARACTERS_MAX);
  if (text !== undefined) c.header(CHANGE_HEADER, encodeURIComponent(text));
}

/** The same from two states of the thing. @param resource when the path did not name it: it was just made. */
export function noteDifference(c: Noting, before: unknown, after: unknown, resource?: string): void {
  noteChange(c, { ...(resource === undefined ? {} : { resource }), ...differenceOf(before, after) });
}

function shortened({ before, after, ...rest }: ChangeNote, most: number): ChangeNote {
  return { ...rest, before: shortMembers(before, most), after: shortMembers(after, most) };
}

function shortMembers(state: unknown, most: number): unknown {
  if (typeof state !== "object" || state === null || Array.isArray(state)) return shortValue(state, most);
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, shortValue(value, most)]));
}

function shortValue(value: unknown, most: number): unknown {
  const { length } = JSON.stringify(value) ?? "";
  return length <= most ? value : `[left out, ${length} characters]`;
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
