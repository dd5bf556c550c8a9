/** The audit's answer: each invariant of the design, how much was looked at, and every violation with ids. */
export const INVARIANT_IDS = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I12"] as const;
export type InvariantId = (typeof INVARIANT_IDS)[number];

export interface Violation {
  readonly subject: string;
  readonly detail: string;
}

export interface InvariantReport {
  readonly id: InvariantId;
  readonly title: string;
  readonly holds: boolean;
  readonly checked: number;
  /** All of them; `violations` lists at most `VIOLATIONS_LISTED_MAX`. */
  readonly violationCount: number;
  readonly violations: readonly Violation[];
}

export const VIOLATIONS_LISTED_MAX = 100;

export interface AuditReport {
  readonly holds: boolean;
  readonly invariants: readonly InvariantReport[];
  /** Orders whose saga had not ended while they were read: they are looked at by I7 and I11 only. */
  readonly inFlight: number;
  readonly tookMs: number;
}
