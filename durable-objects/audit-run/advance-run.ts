/** Takes a run on by as many steps as one invocation may make calls; everything it knows is in its store. */
import { systemClock } from "../../workers/shared/clock.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import { compareSums, readSumsBefore } from "./compare-sums.ts";
import { confirmSuspects } from "./confirm-suspects.ts";
import type { BookOwners } from "./env.ts";
import { findStrays } from "./find-strays.ts";
import { judgeOrders } from "./judge-orders.ts";
import { readOrders } from "./read-orders.ts";
import { readPayments } from "./read-payments.ts";
import { readSessions } from "./read-sessions.ts";
import { readStock } from "./read-stock.ts";
import type { RunStore, StoredRun } from "./run-store.ts";
import { Asker, type Phase, type Stepped } from "./step.ts";

/**
 * In this order: an order is read before its log's end, its stock and its money, so that what it says of itself must be there;
 * followers are asked last, and then stand where the run read to.
 */
const PHASES: readonly Phase[] = [
  readSumsBefore,
  readOrders,
  readStock,
  readPayments,
  judgeOrders,
  findStrays,
  compareSums,
  readSessions,
  confirmSuspects,
] as readonly Phase[];

/**
 * An invocation may make 32 calls to other workers, what those make included. A step makes about seven at most.
 * https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/#limits
 */
const CALLS_PER_SLICE = 25;
const FAILURES_MAX = 4;

export function newRun(runId: string, startedAtMs: number, context: CallContext): StoredRun {
  return {
    runId,
    state: "running",
    startedAtMs,
    finishedAtMs: null,
    phase: 0,
    cursor: null,
    done: 0,
    of: null,
    inFlight: 0,
    failures: 0,
    failure: null,
    version: 1,
    context,
    nextRunId: null,
  };
}

export function beginRun(store: RunStore, run: StoredRun): void {
  store.transaction(() => {
    store.clearBooks();
    store.writeRun(run);
  });
}

export function phaseName(run: StoredRun): string {
  return PHASES[run.phase]?.name ?? "report";
}

/** @param onStep after everything that was written */
export async function advanceRun(store: RunStore, owners: BookOwners, onStep: () => void): Promise<void> {
  const asker = new Asker();
  for (let run = store.readRun(); run?.state === "running" && asker.calls < CALLS_PER_SLICE; run = store.readRun()) {
    const failed = await takeSteps(store, owners, asker, run);
    onStep();
    if (failed) return;
  }
}

/**
 * Steps up to the next phase that looks up what they found, written together: an object's call to others waits until what it
 * wrote before is on disk. @returns true when an owner did not answer: the step is tried again in another invocation.
 */
async function takeSteps(store: RunStore, owners: BookOwners, asker: Asker, before: StoredRun): Promise<boolean> {
  const nowMs = systemClock.now();
  const writes: (() => void)[] = [];
  let run = before;
  let failure: string | null = null;
  for (let phase = PHASES[run.phase]; phase !== undefined; phase = PHASES[run.phase]) {
    try {
      const stepped = await phase.step({ store, owners, asker, context: run.context, nowMs }, run.cursor);
      writes.push(() => stepped.write());
      run = movedOn(run, stepped);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      break;
    }
    const isNextPhase = run.cursor === null;
    if (!isNextPhase || PHASES[run.phase]?.looksUp !== false || asker.calls >= CALLS_PER_SLICE) break;
  }
  store.transaction(() => {
    for (const write of writes) write();
    const failures = failure === null ? 0 : (writes.length === 0 ? run.failures : 0) + 1;
    const end = endOf(run, failures, nowMs);
    if (end.state !== undefined) store.clearEvents();
    change(store, { ...run, failures, failure, ...end });
  });
  return failure !== null;
}

function movedOn(run: StoredRun, { next, done, of, inFlight = 0 }: Stepped<unknown>): StoredRun {
  const place = next === null ? { phase: run.phase + 1, cursor: null } : { phase: run.phase, cursor: next };
  return { ...run, ...place, done, of, inFlight: run.inFlight + inFlight };
}

function endOf(run: StoredRun, failures: number, nowMs: number): Partial<StoredRun> {
  if (failures >= FAILURES_MAX) return { state: "failed", finishedAtMs: nowMs };
  return run.phase >= PHASES.length ? { state: "finished", finishedAtMs: systemClock.now() } : {};
}

/** A run that was queued behind this one meanwhile is kept. */
function change(store: RunStore, run: StoredRun): void {
  const stored = store.readRun();
  store.writeRun({ ...run, nextRunId: stored?.nextRunId ?? null, version: run.version + 1 });
}
