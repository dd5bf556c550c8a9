/** The shop's one clock, its alarms, and bringing everything to rest. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import { deliverQueues } from "./deliver.ts";
import { switchboard } from "./faulty-binding.ts";
import { alarmAtMs, settled } from "./object-life.ts";

export const MINUTE_MS = 60_000;

/** Far in the future, so that no alarm ever rings by itself: the runtime's own clock cannot be moved. */
const BEGINNING_MS = Date.UTC(2035, 0, 1);
/** Longer than a hold lasts and everything that follows its end; the audit calls a saga stuck after half an hour. */
const QUIET_MS = 45 * MINUTE_MS;
const RINGS_MAX = 500;

/** Starts the clock; later calls leave it where it is. */
export function startClock(): void {
  if (Date.now() >= BEGINNING_MS) return;
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(BEGINNING_MS);
}

/** Moves the clock, also backwards. Nothing rings by that. */
export function moveClock(byMs: number): void {
  vi.setSystemTime(Date.now() + byMs);
}

interface DueAlarm {
  readonly name: string;
  readonly atMs: number;
  readonly stub: () => DurableObjectStub;
}

/** Alarms of every object that was ever called, earliest first. */
export function pendingAlarms(): DueAlarm[] {
  return [...switchboard.touched]
    .flatMap(([name, { id, stub }]) => {
      const atMs = alarmAtMs(id);
      return atMs === undefined ? [] : [{ name, atMs, stub }];
    })
    .sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
}

/** Rings what is due by now. @returns the names of the objects that rang. */
export async function ringDue(): Promise<string[]> {
  const due = pendingAlarms().filter(({ atMs }) => atMs <= Date.now());
  for (const { stub } of due) await ring(stub);
  await rested();
  return due.map(({ name }) => name);
}

/** What is held keeps its caller busy: then there is no rest to wait for. */
async function rested(): Promise<void> {
  if (switchboard.held.length === 0) await settled();
}

/** An object that went down under its alarm gets it again from the runtime: here by the next ringing. */
async function ring(stub: () => DurableObjectStub): Promise<void> {
  const atMs = Date.now();
  try {
    await runDurableObjectAlarm(stub());
  } catch {
    await runInDurableObject(stub(), async (_, { storage }) => {
      if ((await storage.getAlarm()) === null) await storage.setAlarm(atMs);
    });
  }
}

/** Lets time pass: what becomes due meanwhile rings in its order. */
export async function passTime(forMs: number): Promise<void> {
  const endMs = Date.now() + forMs;
  await rested();
  for (let rings = 0; rings < RINGS_MAX; rings++) {
    const next = pendingAlarms()[0];
    if (next === undefined || next.atMs > endMs) {
      vi.setSystemTime(endMs);
      return;
    }
    vi.setSystemTime(Math.max(Date.now(), next.atMs));
    await ringDue();
  }
  throw new Error(`the shop does not come to rest: ${JSON.stringify(pendingAlarms().slice(0, 3))}`);
}

/**
 * No more faults, everything that is held goes on, and time passes until nothing is left to do. Then the followers hear of
 * it, unless `followers` is false: then the audit has to bring them up to date.
 */
export async function quiesce({ followers = true } = {}): Promise<void> {
  switchboard.calm();
  await switchboard.releaseAll();
  await settled();
  await passTime(QUIET_MS);
  if (followers) await deliverQueues();
  await settled();
}
