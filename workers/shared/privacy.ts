/**
 * What every service with a store owes a person: a copy of what it knows about them, and forgetting it. The privacy worker
 * asks all of them; a test fails for a service that has a store and implements neither (docs/decisions/018-erasure.md).
 */
import * as z from "zod";
import type { CallContext } from "./telemetry.ts";

/** Orders of one question. */
export const PERSON_ORDERS_MAX = 25;
const PERSON_ADDRESSES_MAX = 50;
const PERSON_MESSAGES_MAX = 2_000;

/**
 * A person, or a part of what identifies them: a service answers for what is given, and for nothing else. The orders of a good
 * customer come in several parts.
 */
export const Person = z.strictObject({
  /** Null for a guest, and in the parts that only name orders. */
  customerId: z.string().max(64).nullable(),
  /** Proven to be the person's, normalized. */
  emails: z.array(z.string().min(3).max(254)).max(PERSON_ADDRESSES_MAX),
  orderIds: z.array(z.string().max(64)).max(PERSON_ORDERS_MAX),
  /** Ids of mails about the account. */
  messageIds: z.array(z.string().max(64)).max(PERSON_MESSAGES_MAX),
});
export type Person = z.infer<typeof Person>;

/** One record as people read it: words for names, ISO 8601 for times, money with its currency. */
export type PersonRecord = Readonly<Record<string, unknown>>;

export interface PersonSection {
  /** What the records are, in words: `Delivery addresses`. The same name on another page goes on with the section. */
  readonly name: string;
  readonly records: readonly PersonRecord[];
}

/** A bounded piece of an answer; `next` asks for the following one and is null at the end. */
export interface PersonPage {
  readonly sections: readonly PersonSection[];
  readonly next: string | null;
}

/** An order that cannot be forgotten yet, because it is not over. */
export interface OpenOrder {
  readonly orderId: string;
  readonly number: string | null;
  readonly status: string;
}

export interface ErasedPage {
  /** What was removed or blanked, counted by kind: `{ "carts": 2 }`. Nothing left to erase counts nothing. */
  readonly erased: Readonly<Record<string, number>>;
  /** Untouched: ask again when they are over. */
  readonly open: readonly OpenOrder[];
  readonly next: string | null;
}

export interface PersonalData {
  /** @param cursor null at the beginning, then `next` of the page before */
  exportPerson(person: Person, cursor: string | null, context: CallContext): Promise<PersonPage>;
  /** Idempotent: a repetition finds nothing and says so. */
  erasePerson(person: Person, cursor: string | null, context: CallContext): Promise<ErasedPage>;
}

/** What an erased text of people's own wording is replaced by, where a text must be. */
export const ERASED = "erased";

/** Sections without records are left out. */
export function pageOf(sections: readonly PersonSection[], next: string | null = null): PersonPage {
  return { sections: sections.filter((section) => section.records.length > 0), next };
}

/** Kinds that nothing was found of are left out. */
export function erasedOf(counts: Readonly<Record<string, number>>): ErasedPage {
  return { erased: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)), open: [], next: null };
}
