/**
 * AuditRun: the shop's one audit under way. Whoever starts it does the first slice; its alarm does the rest, a bounded number of
 * calls at a time, so that a shop of any size is read with flat memory, and a run that was cut off goes on where it was.
 */
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../workers/shared/clock.ts";
import { type CallContext, logger } from "../../workers/shared/telemetry.ts";
import { advanceRun, beginRun, newRun, phaseName } from "./advance-run.ts";
import type { AuditRunApi, RunView } from "./contract.ts";
import type { BookOwners } from "./env.ts";
import { reportRun } from "./report-run.ts";
import { RunStore, type StoredRun } from "./run-store.ts";

/** How long a question waits for news. */
const WAIT_MS = 10_000;
const RETRY_DELAY_MS = 1_000;
/** A slice that takes longer has died with its isolate. */
const SLICE_LEASE_MS = 120_000;
const VIOLATIONS_PER_ANSWER = 100;

export class AuditRun extends DurableObject<BookOwners> implements AuditRunApi {
  readonly #store: RunStore;
  #slice: Promise<void> | null = null;
  #news = Promise.withResolvers<void>();

  constructor(ctx: DurableObjectState, env: BookOwners) {
    super(ctx, env);
    this.#store = new RunStore(ctx.storage);
  }

  async start(context: CallContext): Promise<RunView> {
    const current = this.#store.readRun();
    const runId = crypto.randomUUID();
    if (current?.state === "running") return this.#queue(current, runId);
    beginRun(this.#store, newRun(runId, systemClock.now(), context));
    await this.#advance();
    return this.#viewNow(runId);
  }

  async wait(runId: string, afterVersion: number, afterViolation: number): Promise<RunView | null> {
    const deadline = scheduler.wait(WAIT_MS).then(() => "late" as const);
    for (;;) {
      const view = this.#view(runId, afterViolation);
      const isOver = view?.state === "finished" || view?.state === "failed";
      if (view === null || isOver || view.version > afterVersion || view.violations.length > 0) return view;
      if ((await Promise.race([this.#news.promise, deadline])) === "late") return this.#view(runId, afterViolation);
    }
  }

  /** Never throws: what fails is in the run, and tried again. */
  override async alarm(): Promise<void> {
    try {
      await this.#advance();
    } catch (error) {
      logger("audit").error("audit_alarm_failed", error);
      await this.ctx.storage.setAlarm(systemClock.now() + RETRY_DELAY_MS);
    }
  }

  /** Everybody who asks while a run is under way shares the next one: it begins after they asked. */
  #queue(current: StoredRun, runId: string): RunView {
    if (current.nextRunId === null) this.#store.writeRun({ ...current, nextRunId: runId });
    return this.#viewNow(current.nextRunId ?? runId);
  }

  async #advance(): Promise<void> {
    this.#slice ??= this.#runSlice().finally(() => {
      this.#slice = null;
    });
    await this.#slice;
  }

  async #runSlice(): Promise<void> {
    await this.ctx.storage.setAlarm(systemClock.now() + SLICE_LEASE_MS);
    await advanceRun(this.#store, this.env, () => this.#tell());
    const run = this.#store.readRun();
    const goesOn = run?.state === "running" || this.#beginNext(run);
    if (!goesOn) return await this.ctx.storage.deleteAlarm();
    const failures = run?.state === "running" ? run.failures : 0;
    // Longer each time: an owner's circuit breaker opens again after two seconds.
    const delayMs = failures === 0 ? 0 : RETRY_DELAY_MS * 2 ** (failures - 1);
    await this.ctx.storage.setAlarm(systemClock.now() + delayMs);
  }

  #beginNext(run: StoredRun | undefined): boolean {
    if (run === undefined || run.nextRunId === null) return false;
    this.#store.writeEnded(this.#viewOf(run, 0));
    beginRun(this.#store, newRun(run.nextRunId, systemClock.now(), run.context));
    this.#tell();
    return true;
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  #view(runId: string, afterViolation: number): RunView | null {
    const run = this.#store.readRun();
    if (run?.runId === runId) return this.#viewOf(run, afterViolation);
    if (run?.nextRunId === runId) return this.#queuedView(runId, run);
    return this.#store.readEnded(runId);
  }

  #viewNow(runId: string): RunView {
    const view = this.#view(runId, 0);
    if (view === null) throw new Error(`no such run: ${runId}`);
    return view;
  }

  /** It moves on with the run that it waits for, so that whoever waits sees that something happens. */
  #queuedView(runId: string, run: StoredRun): RunView {
    const { phase, done, of } = this.#viewOf(run, 0);
    return { runId, state: "queued", phase, done, of, violations: [], version: -1, report: null, failure: null };
  }

  #viewOf(run: StoredRun, afterViolation: number): RunView {
    return {
      runId: run.runId,
      state: run.state,
      phase: phaseName(run),
      done: run.done,
      of: run.of,
      violations: this.#store.violationsAfter(afterViolation, VIOLATIONS_PER_ANSWER),
      version: run.version,
      report: run.state === "finished" ? reportRun(this.#store, run) : null,
      failure: run.state === "failed" ? run.failure : null,
    };
  }
}
