/** The RPC between the audit worker and the run of an audit. */
import type { AuditReport, InvariantId, Violation } from "../../workers/audit/contract.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";

export type RunState = "queued" | "running" | "finished" | "failed";

export interface FoundViolation extends Violation {
  /** Rises with every violation of a run. */
  readonly number: number;
  readonly invariant: InvariantId;
}

/** Where a run stands. */
export interface RunView {
  readonly runId: string;
  readonly state: RunState;
  readonly phase: string;
  /** Things of this phase that are behind it, and how many there are when that is known. */
  readonly done: number;
  readonly of: number | null;
  /** Those after the number that was asked for, at most 100. */
  readonly violations: readonly FoundViolation[];
  /** Rises with everything that happens. */
  readonly version: number;
  readonly report: AuditReport | null;
  /** Why a failed run failed. */
  readonly failure: string | null;
}

export interface AuditRunApi {
  /**
   * Begins a run, and does as much of it as one invocation may. While another one is under way a new one is queued behind
   * it, which everybody joins who asks meanwhile: an answer is never older than its question.
   */
  start(context: CallContext): Promise<RunView>;
  /** Answers as soon as the run has moved on from `afterVersion`, and after a while in any case. Null: there is no such run. */
  wait(runId: string, afterVersion: number, afterViolation: number): Promise<RunView | null>;
}
