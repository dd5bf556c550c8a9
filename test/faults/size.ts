/**
 * How much a fault suite does, where its randomness comes from, and how its counts reach the report. Works in Node and in
 * workerd: the settings are provided by the vitest configuration.
 */
import { inject, type TestContext } from "vitest";

/** Rows of the fault matrix; "followers" and "overload" are promises of their own. */
export type FaultRow =
  | "F1"
  | "F2"
  | "F3"
  | "F4"
  | "F5"
  | "F6"
  | "F7"
  | "F8"
  | "F9"
  | "F10"
  | "F11"
  | "F12"
  | "followers"
  | "overload";

export interface FaultRun {
  readonly size: "quick" | "full";
  /** 32-bit. */
  readonly seed: number;
  /** Part of the full count that one invocation does: 0.1 where the runner splits a row into ten. */
  readonly share: number;
}

/** What a test has really run; `histories` counts whatever the row counts: kills, orders, events, commands. */
export interface FaultCount {
  readonly row: FaultRow;
  readonly what: string;
  readonly histories: number;
  /** Where it happened, where that matters: so many kills at each crash point. They sum up to `histories`. */
  readonly places?: Readonly<Record<string, number>>;
}

declare module "vitest" {
  interface ProvidedContext {
    faults: FaultRun;
  }
  interface TaskMeta {
    faults?: FaultCount;
  }
}

export function faultRun(): FaultRun {
  return inject("faults");
}

/** How many histories this run does. */
export function runs({ quick, full }: { readonly quick: number; readonly full: number }): number {
  const { size, share } = faultRun();
  return size === "quick" ? quick : Math.max(1, Math.round(full * share));
}

export function tell(task: TestContext["task"], count: FaultCount): void {
  task.meta.faults = count;
}
