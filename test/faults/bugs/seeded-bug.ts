/** One way to break the code on purpose, and the test that must notice. */
import type { SourcePatch } from "../../../scripts/lib/source-patches.ts";

export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I9" | "I10" | "I11" | "I12";

export interface SeededBug {
  /** In kebab-case; `HOLDFAST_SEEDED_BUG` takes it. */
  readonly name: string;
  readonly breaks: Invariant;
  /** Which bug of real shops this is, in one sentence. */
  readonly why: string;
  readonly patches: readonly SourcePatch[];
  readonly caughtBy: {
    /** From the repository's root. */
    readonly file: string;
    readonly test: string;
  };
}

/** The fault suite that most of them meet: the whole shop under a seeded scheduler. */
export const SIMULATED_HISTORIES = {
  file: "test/faults/pure/f09-simulation.test.ts",
  test: "comes to rest with its books in order, whatever happened",
} as const;
