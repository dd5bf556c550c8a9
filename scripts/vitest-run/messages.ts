/** What a vitest run is asked and what it says: the words between `run-vitest.ts` and the process that it starts. */
import type { FaultCount } from "../../test/faults/size.ts";

export interface VitestRequest {
  /** Null: every project. */
  readonly project: string | null;
  /** From the repository's root; empty: all of the project. */
  readonly files: readonly string[];
  /** Names of the tests to run; empty: all. */
  readonly tests: readonly string[];
  readonly stopAtFirstFailure: boolean;
}

export interface Complaint {
  /** Class of the innermost cause, such as `AssertionError`. */
  readonly kind: string;
  readonly message: string;
}

export interface TestOutcome {
  /** From the repository's root. */
  readonly file: string;
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  readonly complaints: readonly Complaint[];
  /** What a fault suite told about its size. */
  readonly counts: FaultCount | null;
  readonly durationMs: number;
}

export type VitestMessage =
  | { readonly kind: "test"; readonly outcome: TestOutcome }
  /** An error outside of any test: a build that failed, a file that does not load, a rejection nobody awaits. */
  | { readonly kind: "broken"; readonly message: string }
  | { readonly kind: "end" };
