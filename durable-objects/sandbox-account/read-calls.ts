/** The calls that only read: one object, a page of a list, a search by metadata. */
import type * as z from "zod";
import type { AccountSession, Answer } from "./account-session.ts";
import type { IdRange } from "./account-store.ts";
import { invalidRequest, noSuch } from "./api-error.ts";
import { intentOfCharge } from "./intent-calls.ts";
import type { ListCharges, ListEvents, ListIntents, ListRefunds, Page, Retrieve, SearchIntents } from "./parameters.ts";
import type { IntentRecord } from "./records.ts";
import { renderCharge, renderEvent, renderPaymentMethod, renderRefund } from "./render-objects.ts";
import { intentRangeOfCharge } from "./sandbox-ids.ts";
import { testCard } from "./test-cards.ts";

type Options = z.infer<typeof Retrieve>;

export function readIntent(session: AccountSession, p: Options, id: string): Answer {
  const intent = session.store.intent(id);
  const hidden = p.client_secret !== undefined && p.client_secret !== intent?.clientSecret;
  if (intent === undefined || hidden) return session.refuse(noSuch("payment_intent", id, "intent"));
  return { status: 200, body: session.render(intent, p.expand) };
}

export function readCharge(session: AccountSession, _p: Options, id: string): Answer {
  const intent = intentOfCharge(session, id);
  const charge = intent?.charges.find((one) => one.id === id);
  if (intent === undefined || charge === undefined) return session.refuse(noSuch("charge", id, "id"));
  return { status: 200, body: renderCharge(charge, intent) };
}

export function readRefund(session: AccountSession, _p: Options, id: string): Answer {
  const refund = session.store.refund(id);
  return refund === undefined ? session.refuse(noSuch("refund", id, "id")) : { status: 200, body: renderRefund(refund) };
}

export function readPaymentMethod(session: AccountSession, _p: Options, id: string): Answer {
  const card = testCard(id);
  if (card === undefined) return session.refuse(noSuch("PaymentMethod", id, "payment_method"));
  return { status: 200, body: renderPaymentMethod(id, card) };
}

export function readEvent(session: AccountSession, _p: Options, id: string): Answer {
  const event = session.store.event(id);
  if (event === undefined) return session.refuse(noSuch("event", id, "id"));
  return { status: 200, body: renderEvent(event, session.store.pendingWebhooks(id), session.facts.publicUrl) };
}

export function listIntents(session: AccountSession, p: z.infer<typeof ListIntents>): Answer {
  const expand = elementPaths(p.expand);
  const rows = session.store.intents(rangeOf("pi", p));
  return list("/v1/payment_intents", p, rows, (intent) => session.render(intent, expand));
}

export function listRefunds(session: AccountSession, p: z.infer<typeof ListRefunds>): Answer {
  const range = rangeOf("re", p);
  const ofCharge = p.charge === undefined ? undefined : intentOfCharge(session, p.charge);
  if (p.charge !== undefined && ofCharge === undefined) return session.refuse(noSuch("charge", p.charge, "charge"));
  const intentId = p.payment_intent ?? ofCharge?.id;
  if (intentId === undefined) return list("/v1/refunds", p, session.store.refunds(range), renderRefund);
  const rows = session.store.refundsOf(intentId).filter(({ id }) => isWithin(range, id));
  return list("/v1/refunds", p, (range.ascending ? rows.reverse() : rows).slice(0, range.limit), renderRefund);
}

export function listEvents(session: AccountSession, p: z.infer<typeof ListEvents>): Answer {
  const rows = session.store.events(rangeOf("evt", p), p.type ?? null);
  return list("/v1/events", p, rows, (event) =>
    renderEvent(event, session.store.pendingWebhooks(event.id), session.facts.publicUrl),
  );
}

/** Charges live in their payments: those are read until there are enough charges. */
export function listCharges(session: AccountSession, p: z.infer<typeof ListCharges>): Answer {
  const range = rangeOf("ch", p);
  const found: { id: string; rendered: Record<string, unknown> }[] = [];
  for (const intent of p.payment_intent === undefined ? walkIntents(session, range) : oneIntent(session, p.payment_intent)) {
    const charges = intent.charges.filter(({ id }) => isWithin(range, id));
    if (!range.ascending) charges.reverse();
    found.push(...charges.map((charge) => ({ id: charge.id, rendered: renderCharge(charge, intent) })));
    if (found.length >= range.limit) break;
  }
  return list("/v1/charges", p, found.slice(0, range.limit), (charge) => charge.rendered);
}

function* oneIntent(session: AccountSession, id: string): Iterable<IntentRecord> {
  const intent = session.store.intent(id);
  if (intent !== undefined) yield intent;
}

function* walkIntents(session: AccountSession, charges: IdRange): Iterable<IntentRecord> {
  let before = charges.before === null ? null : intentRangeOfCharge(charges.before).to;
  let after = charges.after === null ? null : intentRangeOfCharge(charges.after).from;
  for (;;) {
    const rows = session.store.intents({ ...charges, before, after });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    if (charges.ascending) after = last.id;
    else before = last.id;
  }
}

const METADATA_QUERY = /^\s*metadata\[(?:"([^"]+)"|'([^']+)')\]\s*:\s*(?:"([^"]*)"|'([^']*)')\s*$/;

/** Understands the one clause that we use: equality of one metadata key. */
export function searchIntents(session: AccountSession, p: z.infer<typeof SearchIntents>): Answer {
  const match = METADATA_QUERY.exec(p.query);
  const key = match?.[1] ?? match?.[2];
  if (match === null || key === undefined) {
    return session.refuse(
      invalidRequest(400, "parameter_invalid", "The sandbox searches by one clause: metadata['key']:'value'.", "query"),
    );
  }
  const rows = session.store.intentsWithMetadata(key, match[3] ?? match[4] ?? "", p.page ?? null, p.limit + 1);
  const expand = elementPaths(p.expand);
  const data = rows.slice(0, p.limit);
  return {
    status: 200,
    body: {
      object: "search_result",
      data: data.map((intent) => session.render(intent, expand)),
      has_more: rows.length > p.limit,
      next_page: rows.length > p.limit ? (data.at(-1)?.id ?? null) : null,
      url: "/v1/payment_intents/search",
    },
  };
}

/** Money of captured payments, per currency, would need a sum over all: the sandbox pays out at once. */
export function readBalance(): Answer {
  return { status: 200, body: { object: "balance", available: [], pending: [], livemode: false } };
}

/** Lists are newest first; one row more than asked for says whether there are more. */
function rangeOf(prefix: string, page: Page): IdRange {
  const created = page.created ?? {};
  const fromSecond = Math.max(created.gte ?? 0, (created.gt ?? -1) + 1);
  const toSecond = Math.min(created.lte ?? Number.MAX_SAFE_INTEGER, (created.lt ?? Number.MAX_SAFE_INTEGER) - 1);
  const lower = fromSecond > 0 ? timeBound(prefix, fromSecond) : null;
  const upper = page.created === undefined || toSecond > MAX_SECOND ? null : timeBound(prefix, toSecond + 1);
  return {
    before: smallest(page.starting_after ?? null, upper),
    after: largest(page.ending_before ?? null, lower),
    limit: page.limit + 1,
    ascending: page.ending_before !== undefined,
  };
}

const MAX_SECOND = 253_402_300_799;
const TIME_LENGTH = 9;

/** Ids start with the time that they were made at. */
function timeBound(prefix: string, second: number): string {
  return `${prefix}_${(second * 1000).toString(36).padStart(TIME_LENGTH, "0")}`;
}

function smallest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function largest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

function isWithin(range: IdRange, id: string): boolean {
  return (range.before === null || id < range.before) && (range.after === null || id > range.after);
}

/** `data.latest_charge` → `latest_charge`. */
function elementPaths(expand: readonly string[]): string[] {
  return expand.flatMap((path) => (path.startsWith("data.") ? [path.slice("data.".length)] : []));
}

function list<T>(url: string, page: Page, rows: readonly T[], render: (row: T) => Record<string, unknown>): Answer {
  const data = rows.slice(0, page.limit).map(render);
  if (page.ending_before !== undefined) data.reverse();
  return { status: 200, body: { object: "list", data, has_more: rows.length > page.limit, url } };
}
