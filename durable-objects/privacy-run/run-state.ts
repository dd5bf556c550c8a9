/**
 * Where a request stands: it settles the followers, finds the person's orders, asks every owner about every part of the person,
 * and is over. Pure: each answer takes it one step on.
 */
import type { KnownPerson } from "../../workers/identity/contract.ts";
import type { RequestKind, RequestState } from "../../workers/privacy/contract.ts";
import type { OpenOrder, Person } from "../../workers/shared/privacy.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import type { PrivacyRunView, RunCommand } from "./contract.ts";
import { OWNERS, ownerName } from "./env.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const RETRY_MAX_MS = 10 * MINUTE_MS;
/** An order that is not over is looked at again after this. */
export const OPEN_ORDER_WAIT_MS = HOUR_MS;
/** An export may be asked for again; an erasure that was promised never gives up. */
const EXPORT_FAILURES_MAX = 8;
/** Shown and kept; all of them are waited for. */
const OPEN_ORDERS_LISTED_MAX = 25;

export type Step =
  | { readonly kind: "settle" }
  | { readonly kind: "find"; readonly afterOrderId: string }
  /** `part` 0 is the person, the others are their orders. */
  | { readonly kind: "ask"; readonly owner: number; readonly part: number; readonly cursor: string | null }
  | { readonly kind: "close" };

export interface PrivacyRunState {
  readonly requestId: string;
  readonly kind: RequestKind;
  readonly person: KnownPerson;
  readonly state: RequestState;
  readonly step: Step;
  readonly erased: Readonly<Record<string, number>>;
  readonly open: readonly OpenOrder[];
  /** In a row, of the step that is to come. */
  readonly failures: number;
  readonly context: CallContext;
}

export function newRun(command: RunCommand, context: CallContext): PrivacyRunState {
  const { requestId, kind, person } = command;
  return { requestId, kind, person, state: "running", step: { kind: "settle" }, erased: {}, open: [], failures: 0, context };
}

export function isOver({ state }: Pick<PrivacyRunState, "state">): boolean {
  return state !== "running" && state !== "waiting";
}

/** The person without their orders. */
export function firstPart({ customerId, emails, messageIds }: KnownPerson): Person {
  return { customerId, emails: [...emails], messageIds: [...messageIds], orderIds: [] };
}

export function ordersPart(orderIds: readonly string[]): Person {
  return { customerId: null, emails: [], messageIds: [], orderIds: [...orderIds] };
}

export function settled(run: PrivacyRunState): PrivacyRunState {
  return { ...run, state: "running", open: [], failures: 0, step: { kind: "find", afterOrderId: "" } };
}

export function found(run: PrivacyRunState, next: string | null): PrivacyRunState {
  const step: Step = next === null ? { kind: "ask", owner: 0, part: 0, cursor: null } : { kind: "find", afterOrderId: next };
  return { ...run, failures: 0, step };
}

export interface Answered {
  readonly next: string | null;
  readonly erased: Readonly<Record<string, number>>;
  readonly open: readonly OpenOrder[];
}

/** @param parts how many there are. Open orders stop the run before anybody after their owner is asked. */
export function answered(run: PrivacyRunState, answer: Answered, parts: number): PrivacyRunState {
  if (run.step.kind !== "ask") throw new Error(`nobody was asked: ${run.step.kind}`);
  const { owner, part } = run.step;
  const counted = { ...run, failures: 0, erased: addUp(run.erased, answer.erased), open: [...run.open, ...answer.open] };
  const after = { ...counted, open: counted.open.slice(0, OPEN_ORDERS_LISTED_MAX) };
  if (answer.next !== null) return { ...after, step: { ...run.step, cursor: answer.next } };
  if (part + 1 < parts) return { ...after, step: { kind: "ask", owner, part: part + 1, cursor: null } };
  if (after.open.length > 0) return { ...after, state: "waiting", step: { kind: "settle" } };
  if (owner + 1 < OWNERS.length) return { ...after, step: { kind: "ask", owner: owner + 1, part: 0, cursor: null } };
  return { ...after, step: { kind: "close" } };
}

/** The person is known no longer: what is left of the run names nobody. */
export function closed(run: PrivacyRunState): PrivacyRunState {
  return { ...run, state: "completed", failures: 0, person: { customerId: null, emails: [], messageIds: [] } };
}

export function failed(run: PrivacyRunState): PrivacyRunState {
  const failures = run.failures + 1;
  const givesUp = run.kind === "export" && failures >= EXPORT_FAILURES_MAX;
  return { ...run, failures, ...(givesUp ? closed(run) : {}), ...(givesUp ? { state: "failed" } : {}) };
}

/** How long until the next step. */
export function delayMs({ state, failures }: PrivacyRunState): number {
  if (failures > 0) return Math.min(RETRY_MAX_MS, SECOND_MS * 2 ** (failures - 1));
  return state === "waiting" ? OPEN_ORDER_WAIT_MS : 0;
}

export function viewOf(run: PrivacyRunState): PrivacyRunView {
  const { requestId, kind, state, step, erased, open } = run;
  const done = step.kind === "ask" ? step.owner : step.kind === "close" ? OWNERS.length : 0;
  return { requestId, kind, state, phase: phaseOf(step), done, of: OWNERS.length, erased, open };
}

function phaseOf(step: Step): string {
  switch (step.kind) {
    case "settle":
      return "catching up";
    case "find":
      return "finding orders";
    case "ask":
      return ownerName(OWNERS[step.owner] ?? "IDENTITY");
    case "close":
      return "closing";
  }
}

function addUp(before: Readonly<Record<string, number>>, more: Readonly<Record<string, number>>): Record<string, number> {
  const sums: Record<string, number> = { ...before };
  for (const [kind, count] of Object.entries(more)) sums[kind] = (sums[kind] ?? 0) + count;
  return sums;
}
