/** What can become of one call between two parts of the shop, and how each fault is done to it. */
import { runInDurableObject } from "cloudflare:test";
import { forgetLife } from "./object-life.ts";
import { pause } from "./quick-timers.ts";

/**
 * - `fail`, `fail_retryable`, `overloaded`: no effect, an error
 * - `lose_answer`: the effect, and an error for an answer; `time_out`: the effect, and never an answer
 * - `duplicate`: the effect twice, the second answer
 * - `delay`: the caller gives up, the effect comes when the test releases it
 * - `slow`: effect and answer wait for the release; `slow_answer`: the answer does
 * - `dead_stub`: no effect, and every later call on the same stub fails (where there are no stubs: `fail`)
 * - `crash_before`, `crash_after`: the calling object loses its memory (where the caller is none: `fail`, `lose_answer`)
 * - `reset_before`, `reset_after`: the called object loses its memory (where the peer is none: `fail`, `lose_answer`)
 */
export const FAULTS = [
  "fail",
  "fail_retryable",
  "overloaded",
  "lose_answer",
  "time_out",
  "duplicate",
  "delay",
  "slow",
  "slow_answer",
  "dead_stub",
  "crash_before",
  "crash_after",
  "reset_before",
  "reset_after",
] as const;
export type Fault = (typeof FAULTS)[number];

export interface EdgeCall {
  readonly edge: string;
  /** Counts the calls of this edge since the plan came into force, from 1. */
  readonly occurrence: number;
  readonly args: readonly unknown[];
}

/** A call that waits for the test. */
export interface HeldCall extends EdgeCall {
  /** Lets it go on. @returns when a delayed effect has happened. */
  release(): Promise<void>;
}

/** One end of a binding: who calls whom. */
export interface Line {
  readonly caller: string;
  readonly peer: string;
  /** The calling object, for crashes. */
  readonly self?: DurableObjectState | undefined;
  /** The caller sets a deadline right before each call; without one the deadline of a call further up rings. */
  readonly hasDeadline: boolean;
}

export interface Exchange<T> {
  readonly call: EdgeCall;
  readonly line: Line;
  readonly effect: (stubs: "own" | "new") => Promise<T>;
  /** Rings the deadline of whoever waits. @returns false: nobody who waits has one. */
  readonly giveUp: () => boolean;
  /** Breaks the stub that the caller holds. */
  readonly kill: () => void;
  /** The object behind the stub. */
  readonly target: (() => DurableObjectStub) | undefined;
}

export async function underFault<T>(
  fault: Fault | undefined,
  exchange: Exchange<T>,
  hold: (held: HeldCall) => HeldCall,
): Promise<T> {
  const { call, line, effect, giveUp, kill, target } = exchange;
  const happened = () => effect("own").catch(() => undefined);
  switch (fault) {
    case undefined:
      return await effect("own");
    case "fail":
      throw new Error(`injected: ${call.edge} failed`);
    case "fail_retryable":
      throw Object.assign(new Error("Network connection lost."), { retryable: true });
    case "overloaded":
      throw Object.assign(new Error("injected: overloaded"), { overloaded: true, retryable: true });
    case "lose_answer":
      await happened();
      throw Object.assign(new Error("Network connection lost."), { retryable: true });
    case "time_out":
      await happened();
      return await unanswered(giveUp);
    case "duplicate":
      await happened();
      return await effect("own");
    case "delay":
      hold({ ...call, release: async () => void (await effect("new").catch(() => undefined)) });
      return await unanswered(giveUp);
    case "slow":
      await released(call, hold);
      return await effect("own");
    case "slow_answer": {
      const answer = await effect("own");
      await released(call, hold);
      return answer;
    }
    case "dead_stub":
      kill();
      throw new Error("injected: the stub broke");
    case "crash_before":
    case "crash_after":
      return await crash(line.self, call, fault === "crash_after" ? happened : undefined);
    case "reset_before":
    case "reset_after":
      return await reset(target, fault === "reset_after" ? happened : undefined);
  }
}

/** Where nobody has a deadline the platform breaks the call off in the end. */
async function unanswered(giveUp: () => boolean): Promise<never> {
  if (!giveUp()) throw new Error("injected: the platform broke the call off");
  return await never();
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Polls, because a held call must be woken in its own context. */
async function released(call: EdgeCall, hold: (held: HeldCall) => HeldCall): Promise<void> {
  let free = false;
  hold({
    ...call,
    release: async () => {
      free = true;
    },
  });
  while (!free) await pause();
}

/** A real call leaves an object only when its writes are durable (output gate), so that comes first. */
async function crash(
  self: DurableObjectState | undefined,
  call: EdgeCall,
  happened: (() => Promise<unknown>) | undefined,
): Promise<never> {
  if (self === undefined) {
    await happened?.();
    throw new Error(`injected: ${call.edge} broke off`);
  }
  await self.storage.sync();
  await happened?.();
  forgetLife(self.id.toString());
  self.abort("injected: crashed");
  return await never();
}

async function reset(
  target: (() => DurableObjectStub) | undefined,
  happened: (() => Promise<unknown>) | undefined,
): Promise<never> {
  await happened?.();
  if (target !== undefined) await abortObject(target());
  throw Object.assign(new Error("injected: the object was reset"), { retryable: true });
}

/** The object loses its memory, as after a crash; its storage stays. */
export async function abortObject(stub: DurableObjectStub): Promise<void> {
  await runInDurableObject(stub, async (_, state) => {
    await state.storage.sync();
    forgetLife(state.id.toString());
    state.abort("injected: reset");
  }).catch(() => undefined);
}
