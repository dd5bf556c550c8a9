/** One step of a run: asks one owner one question, and writes the answer together with the place where the run goes on. */
import { peerCalls, release } from "../../workers/shared/call-peer.ts";
import { ObjectTimers } from "../../workers/shared/later.ts";
import type { ErasedPage, PersonPage } from "../../workers/shared/privacy.ts";
import { OWNERS, type OwnerName, type PersonalDataOwners } from "./env.ts";
import { answered, firstPart, found, ordersPart, type PrivacyRunState, type Step, settled } from "./run-state.ts";
import type { RunStore } from "./run-store.ts";

/** Looks through a partition's carts, or a thousand letters. */
const DEADLINE_MS = 60_000;
const RETRIES = 1;

async function ask<T>(service: string, call: () => Promise<T>): Promise<T> {
  const { guarded } = peerCalls(new ObjectTimers().later);
  return await guarded({ service, deadlineMs: DEADLINE_MS, retries: RETRIES }, async () => {
    const answer = await call();
    return typeof answer === "object" && answer !== null ? release(answer) : answer;
  });
}

/** What is to be written, once the owner has answered. @throws when it does not: the step is taken again later. */
export async function takeStep(
  store: RunStore,
  owners: PersonalDataOwners,
  run: PrivacyRunState,
): Promise<() => PrivacyRunState> {
  switch (run.step.kind) {
    case "settle":
      return await settle(store, owners, run);
    case "find":
      return await find(store, owners, run, run.step.afterOrderId);
    case "ask":
      return run.kind === "export"
        ? await exportPart(store, owners, run, run.step)
        : await erasePart(store, owners, run, run.step);
    case "close":
      return () => run;
  }
}

/**
 * A message about an order that is still in a queue would write again what is about to be erased: whoever keeps words of events
 * applies them first, and skips the message when it comes.
 */
async function settle(store: RunStore, owners: PersonalDataOwners, run: PrivacyRunState) {
  const { customerId } = run.person;
  // At once and for everybody: nothing new comes about while the rest is forgotten.
  if (run.kind === "erasure" && customerId !== null) await ask("identity", () => owners.IDENTITY.closeAccount(customerId));
  await ask("orders", () => owners.ORDERS.catchUp(run.context));
  if (run.kind === "erasure") await ask("notifications", () => owners.NOTIFICATIONS.catchUp(run.context));
  return () => {
    const known = store.readPart(1);
    const isGuestOrder = customerId === null && run.person.emails.length === 0;
    store.setParts([firstPart(run.person), ...(isGuestOrder && known !== undefined ? [known] : [])]);
    return isGuestOrder ? found(settled(run), null) : settled(run);
  };
}

async function find(store: RunStore, owners: PersonalDataOwners, run: PrivacyRunState, afterOrderId: string) {
  const { customerId, emails } = run.person;
  const page = await ask("orders", () => owners.ORDERS.findPersonOrders(customerId, emails, afterOrderId, run.context));
  return () => {
    if (page.orderIds.length > 0) store.addPart(ordersPart(page.orderIds));
    return found(run, page.next);
  };
}

type Asking = Extract<Step, { kind: "ask" }>;

function ownerOf(step: Asking): OwnerName {
  const owner = OWNERS[step.owner];
  if (owner === undefined) throw new Error(`there is no owner ${step.owner}`);
  return owner;
}

function partOf(store: RunStore, step: Asking) {
  const part = store.readPart(step.part);
  if (part === undefined) throw new Error(`the person has no part ${step.part}`);
  return part;
}

async function exportPart(store: RunStore, owners: PersonalDataOwners, run: PrivacyRunState, step: Asking) {
  const owner = ownerOf(step);
  const part = partOf(store, step);
  const page: PersonPage = await ask(owner, () => owners[owner].exportPerson(part, step.cursor, run.context));
  return () => {
    store.addToArchive(owner, page);
    return answered(run, { next: page.next, erased: {}, open: [] }, store.countParts());
  };
}

async function erasePart(store: RunStore, owners: PersonalDataOwners, run: PrivacyRunState, step: Asking) {
  const owner = ownerOf(step);
  const part = partOf(store, step);
  const page: ErasedPage = await ask(owner, () => owners[owner].erasePerson(part, step.cursor, run.context));
  return () => answered(run, page, store.countParts());
}
