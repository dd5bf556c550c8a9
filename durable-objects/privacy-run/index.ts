/**
 * PrivacyRun: one person's request, to have a copy of their data or to have it erased. Whoever starts it does the first slice; the
 * alarm does the rest, a bounded number of questions at a time, and goes on where a crash left it.
 */
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../workers/shared/clock.ts";
import { type CallContext, logger } from "../../workers/shared/telemetry.ts";
import { ARCHIVE_LIFETIME_MS, type ArchiveRecord, type PrivacyRunApi, type PrivacyRunView, type RunCommand } from "./contract.ts";
import { discardArchives } from "./discard-archives.ts";
import type { PrivacyRunEnv } from "./env.ts";
import { recordEnd, recordExpiry, recordProgress } from "./record-end.ts";
import { closed, delayMs, failed, firstPart, isOver, newRun, ordersPart, type PrivacyRunState, viewOf } from "./run-state.ts";
import { RunStore } from "./run-store.ts";
import { takeStep } from "./take-step.ts";

/** A question may cost an owner six calls of its own, and an invocation may make 32 in all. */
const STEPS_PER_SLICE = 4;
/** A slice that takes longer has died with its isolate. */
const SLICE_LEASE_MS = 300_000;
const BEGINNING = { service: "", section: "", number: 0 };

export class PrivacyRun extends DurableObject<PrivacyRunEnv> implements PrivacyRunApi {
  #store: RunStore;
  #slice: Promise<void> | null = null;

  constructor(ctx: DurableObjectState, env: PrivacyRunEnv) {
    super(ctx, env);
    this.#store = new RunStore(ctx.storage);
  }

  async start(command: RunCommand, context: CallContext): Promise<PrivacyRunView> {
    const begun = this.#store.readRun() ?? this.#begin(command, context);
    if (!isOver(begun)) await this.#advance();
    return viewOf(this.#store.readRun() ?? begun);
  }

  async view(): Promise<PrivacyRunView | null> {
    const run = this.#store.readRun();
    return run === undefined ? null : viewOf(run);
  }

  async readArchive(after: Pick<ArchiveRecord, "service" | "section" | "number"> | null): Promise<readonly ArchiveRecord[]> {
    return this.#store.readArchive(after ?? BEGINNING);
  }

  async discard(): Promise<void> {
    await this.#forget();
  }

  /** Never throws: what fails is in the run, and tried again. */
  override async alarm(): Promise<void> {
    try {
      await this.#advance();
    } catch (error) {
      logger("privacy").error("privacy_alarm_failed", error);
      await this.ctx.storage.setAlarm(systemClock.now() + SLICE_LEASE_MS);
    }
  }

  #begin(command: RunCommand, context: CallContext): PrivacyRunState {
    const run = newRun(command, context);
    this.#store.transaction(() => {
      this.#store.writeRun(run);
      const orders = command.orderIds.length > 0 ? [ordersPart(command.orderIds)] : [];
      this.#store.setParts([firstPart(command.person), ...orders]);
    });
    return run;
  }

  async #advance(): Promise<void> {
    this.#slice ??= this.#runSlice().finally(() => {
      this.#slice = null;
    });
    await this.#slice;
  }

  async #runSlice(): Promise<void> {
    const run = this.#store.readRun();
    if (run === undefined) return;
    if (isOver(run)) return await this.#rest(run);
    await this.ctx.storage.setAlarm(systemClock.now() + SLICE_LEASE_MS);
    for (let step = 0; step < STEPS_PER_SLICE; step++) if (!(await this.#step())) break;
    const after = this.#store.readRun() ?? run;
    if (isOver(after)) return await this.#rest(after);
    await recordProgress(this.env.DATABASE, after);
    await this.ctx.storage.setAlarm(systemClock.now() + delayMs(after));
  }

  /** @returns false when the slice ends here. */
  async #step(): Promise<boolean> {
    const run = this.#store.readRun();
    if (run === undefined || isOver(run)) return false;
    try {
      if (run.step.kind === "close") return await this.#close(run);
      const write = await takeStep(this.#store, this.env, run);
      const next = this.#store.transaction(() => {
        const moved = write();
        this.#store.writeRun(moved);
        return moved;
      });
      return next.state === "running";
    } catch (error) {
      logger("privacy", run.context).error("privacy_step_failed", error, { request: run.requestId, step: run.step.kind });
      this.#store.writeRun(failed(run));
      return false;
    }
  }

  /** The request's row is written first: repeated after a crash it says the same. */
  async #close(run: PrivacyRunState): Promise<boolean> {
    const nowMs = systemClock.now();
    if (run.kind === "erasure" && (await discardArchives(this.env, this.#store.subjects()))) return true;
    await recordEnd(this.env.DATABASE, run, "completed", nowMs);
    this.#store.transaction(() => {
      this.#store.clearParts();
      this.#store.writeRun(closed(run));
      this.#store.forgetAt(nowMs + ARCHIVE_LIFETIME_MS);
    });
    return false;
  }

  /** What is over waits for its archive's end; the run itself is then forgotten, too. */
  async #rest(run: PrivacyRunState): Promise<void> {
    const nowMs = systemClock.now();
    const forgetAtMs = this.#store.forgetAtMs();
    if (forgetAtMs === null) {
      await recordEnd(this.env.DATABASE, run, run.state, nowMs);
      this.#store.transaction(() => {
        this.#store.clearParts();
        this.#store.clearArchive();
        this.#store.forgetAt(nowMs + ARCHIVE_LIFETIME_MS);
      });
      return await this.ctx.storage.setAlarm(nowMs + ARCHIVE_LIFETIME_MS);
    }
    if (nowMs < forgetAtMs) return await this.ctx.storage.setAlarm(forgetAtMs);
    await this.#forget();
  }

  async #forget(): Promise<void> {
    const run = this.#store.readRun();
    if (run?.kind === "export") await recordExpiry(this.env.DATABASE, run.requestId, systemClock.now());
    await this.ctx.storage.deleteAlarm();
    // Not only the rows: their bytes stay in a database until their pages are needed again.
    await this.ctx.storage.deleteAll();
    this.#store = new RunStore(this.ctx.storage);
  }
}
