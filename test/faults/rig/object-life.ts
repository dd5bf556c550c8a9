/** What the rig knows about living objects without asking them: when their alarm rings, and what they still do in the background. */
import { pause } from "./quick-timers.ts";

/** Polls of about a millisecond. */
const SETTLE_POLLS_MAX = 10_000;

/** Epoch milliseconds by object id. An alarm outlives its object. */
const alarms = new Map<string, number>();
/** Work in the background by owner; it dies with the object. */
const busy = new Map<string, Set<Promise<unknown>>>();

/** Call it first in an object's constructor: a new life has nothing in the background. */
export function watchLife(ctx: DurableObjectState): void {
  const id = ctx.id.toString();
  busy.delete(id);
  const { storage } = ctx;
  const setAlarm = storage.setAlarm.bind(storage);
  const deleteAlarm = storage.deleteAlarm.bind(storage);
  const waitUntil = ctx.waitUntil.bind(ctx);
  define(storage, "setAlarm", (at: number | Date) => {
    alarms.set(id, Number(at));
    return setAlarm(at);
  });
  define(storage, "deleteAlarm", () => {
    alarms.delete(id);
    return deleteAlarm();
  });
  define(ctx, "waitUntil", (work: Promise<unknown>) => {
    inBackground(id, work);
    waitUntil(work);
  });
}

/** The object has crashed. */
export function forgetLife(objectId: string): void {
  busy.delete(objectId);
}

export function inBackground(owner: string, work: Promise<unknown>): void {
  const works = busy.get(owner) ?? new Set();
  busy.set(owner, works.add(work));
  const done = () => works.delete(work);
  work.then(done, done);
}

export function alarmAtMs(objectId: string): number | undefined {
  return alarms.get(objectId);
}

/** Waits until nothing happens in the background any more. */
export async function settled(): Promise<void> {
  for (let polls = 0; [...busy.values()].some((works) => works.size > 0); polls++) {
    if (polls > SETTLE_POLLS_MAX) throw new Error("something in the background never ends");
    await pause();
  }
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true });
}
