/**
 * Requests as rows: the proof that the shop answered, and what is under way. Asking twice joins the request that runs; a run
 * that was never started, because somebody died between the row and the run, is started by the next who asks.
 */
import { and, desc, eq, inArray, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { PrivacyRunView } from "../../durable-objects/privacy-run/contract.ts";
import type { KnownPerson } from "../identity/contract.ts";
import { guarded, release } from "../shared/call-peer.ts";
import { newId } from "../shared/identifiers.ts";
import type { CallContext } from "../shared/telemetry.ts";
import type { AskedBy, RequestKind } from "./contract.ts";
import type { Env } from "./env.ts";
import { type PrivacyRequestRow, privacyRequests } from "./schema.ts";

const RUN_POLICY = { service: "privacy-run", deadlineMs: 60_000, retries: 1, retryTimeouts: false } as const;

export interface NewRequest {
  readonly kind: RequestKind;
  /** A customer, an order of a guest, or a mailed link: never an address. */
  readonly subject: string;
  readonly askedBy: AskedBy;
  readonly person: KnownPerson;
  /** Known from the start: a guest's, by its token. */
  readonly orderIds: readonly string[];
}

/** What belongs to one order alone, whoever it went to. */
export function requestAboutOrder(kind: RequestKind, orderId: string, askedBy: AskedBy): NewRequest {
  const person = { customerId: null, emails: [], messageIds: [] };
  return { kind, subject: orderId, askedBy, person, orderIds: [orderId] };
}

/** A request with what its run says; null when the run is forgotten. */
export interface RequestView {
  readonly row: PrivacyRequestRow;
  readonly run: PrivacyRunView | null;
}

type Requests = Pick<Env, "DATABASE" | "PRIVACY_RUN">;

export async function openRequest(env: Requests, request: NewRequest, nowMs: number, context: CallContext): Promise<RequestView> {
  const { kind, subject, askedBy, person, orderIds } = request;
  const row = { id: newId("prv", nowMs), kind, subject, askedBy, state: "running", createdAtMs: nowMs } as const;
  await drizzle(env.DATABASE)
    .insert(privacyRequests)
    .values({ ...row, erased: {}, finishedAtMs: null })
    .onConflictDoNothing();
  const running = await newestRequest(env.DATABASE, kind, subject);
  if (running === undefined) throw new Error("the request was not written");
  const command = { requestId: running.id, kind, person, orderIds: [...orderIds] };
  const run = await guarded(RUN_POLICY, async () => release(await runOf(env, running.id).start(command, { ...context })));
  return { row: (await newestRequest(env.DATABASE, kind, subject)) ?? running, run: run as PrivacyRunView };
}

/** The newest request about a subject; undefined when there never was one. */
export async function readRequest(env: Requests, kind: RequestKind, subject: string): Promise<RequestView | undefined> {
  const row = await newestRequest(env.DATABASE, kind, subject);
  if (row === undefined) return undefined;
  const run = await guarded(RUN_POLICY, async () => {
    const view = (await runOf(env, row.id).view()) as PrivacyRunView | null;
    return view === null ? null : release(view);
  });
  return { row, run };
}

export async function findRequest(database: D1Database, id: string): Promise<PrivacyRequestRow | undefined> {
  return await drizzle(database).select().from(privacyRequests).where(eq(privacyRequests.id, id)).get();
}

/** A stub stays broken after an error, so every call takes a new one. */
export function runOf(env: Pick<Env, "PRIVACY_RUN">, requestId: string) {
  return env.PRIVACY_RUN.getByName(requestId);
}

async function newestRequest(database: D1Database, kind: RequestKind, subject: string): Promise<PrivacyRequestRow | undefined> {
  return await drizzle(database)
    .select()
    .from(privacyRequests)
    .where(and(eq(privacyRequests.kind, kind), eq(privacyRequests.subject, subject)))
    .orderBy(desc(privacyRequests.id))
    .limit(1)
    .get();
}

export interface RequestFilter {
  readonly kind: RequestKind | undefined;
  readonly subject: string | undefined;
  readonly state: PrivacyRequestRow["state"] | undefined;
  readonly beforeId: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listRequests(database: D1Database, filter: RequestFilter): Promise<PrivacyRequestRow[]> {
  const { kind, subject, state, beforeId, limit } = filter;
  return await drizzle(database)
    .select()
    .from(privacyRequests)
    .where(
      and(
        kind === undefined ? undefined : eq(privacyRequests.kind, kind),
        subject === undefined ? undefined : eq(privacyRequests.subject, subject),
        state === undefined ? undefined : inArray(privacyRequests.state, [state]),
        beforeId === undefined ? undefined : lt(privacyRequests.id, beforeId),
      ),
    )
    .orderBy(desc(privacyRequests.id))
    .limit(limit);
}
