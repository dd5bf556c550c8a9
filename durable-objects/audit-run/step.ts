/**
 * The run as a list of phases, each a list of small steps. A step reads from the owners first and hands back what to write;
 * the write commits together with the place where the phase goes on, so that a step that broke off is simply done again.
 */
import { peerCalls, release } from "../../workers/shared/call-peer.ts";
import { ObjectTimers } from "../../workers/shared/later.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import type { BookOwners } from "./env.ts";
import type { RunStore } from "./run-store.ts";

const DEADLINE_MS = 60_000;
const RETRIES = 2;

/** Asks owners, and counts: an invocation may make few calls to other workers. */
export class Asker {
  calls = 0;
  readonly #peers = peerCalls(new ObjectTimers().later);

  /** Any read of an owner: they are all idempotent. @throws when it does not answer */
  async ask<T>(service: string, call: () => Promise<T>): Promise<T> {
    return await this.#peers.guarded({ service, deadlineMs: DEADLINE_MS, retries: RETRIES }, async () => {
      this.calls += 1;
      const answer = await call();
      return typeof answer === "object" && answer !== null ? release(answer) : answer;
    });
  }
}

export interface StepContext {
  readonly store: RunStore;
  readonly owners: BookOwners;
  readonly asker: Asker;
  readonly context: CallContext;
  readonly nowMs: number;
}

/** `write` may look up everything; `step` only what was written before its phase began, and by the phase itself. */
export interface Stepped<C> {
  /** Where the next step begins; null when the phase is over. */
  readonly next: C | null;
  readonly done: number;
  readonly of: number | null;
  readonly inFlight?: number;
  write(): void;
}

export interface Phase<C = unknown> {
  readonly name: string;
  /** Its steps look up what earlier phases wrote: that must be written before. */
  readonly looksUp: boolean;
  /** @param cursor null at the beginning */
  step(run: StepContext, cursor: C | null): Promise<Stepped<C>>;
}
