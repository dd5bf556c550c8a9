/** What one pass of the audit found, and what two passes agree on. Bounded memory; no I/O. */
import {
  type AuditReport,
  INVARIANT_IDS,
  type InvariantId,
  type InvariantReport,
  VIOLATIONS_LISTED_MAX,
  type Violation,
} from "./contract.ts";

/** A violation and the invariant it breaks: what the comparison functions give. */
export interface Finding extends Violation {
  readonly invariant: InvariantId;
}

export const INVARIANT_TITLES: Readonly<Record<InvariantId, string>> = {
  I1: "Per SKU and location: on hand = available + held, none negative, and the journal adds up to it",
  I2: "A hold resolves exactly once",
  I3: "Captured − refunded = ledger = the provider's books; debits = credits per currency",
  I4: "No paid order without stock, no commit without payment, no charge without an order",
  I5: "One effect per idempotency key",
  I6: "Every committed event reaches every follower's effect exactly once",
  I7: "Every saga ends, placed or compensated, soon after the fault is gone",
  I8: "A coupon or gift card is never used beyond its limit (the shop has none yet: nothing to read)",
  I9: "A revoked session stays revoked: nothing used it, and nothing was issued to it, afterwards",
  I10: "Sequences and order numbers are gapless",
  I11: "Total = lines − discounts + tax + shipping, in minor units",
  I12: "Every projection equals its rebuild from the logs",
};

/** Kept per invariant and pass: enough to compare two passes, never all of a million. */
const VIOLATIONS_KEPT_MAX = 10_000;

interface Tally {
  checked: number;
  violationCount: number;
  readonly violations: Violation[];
}

export class Findings {
  readonly #tallies: ReadonlyMap<InvariantId, Tally>;
  #inFlight = 0;

  constructor() {
    this.#tallies = new Map(INVARIANT_IDS.map((id) => [id, { checked: 0, violationCount: 0, violations: [] }]));
  }

  checked(invariant: InvariantId, count = 1): void {
    this.#tally(invariant).checked += count;
  }

  add(findings: readonly Finding[]): void {
    for (const { invariant, subject, detail } of findings) {
      const tally = this.#tally(invariant);
      tally.violationCount += 1;
      if (tally.violations.length < VIOLATIONS_KEPT_MAX) tally.violations.push({ subject, detail });
    }
  }

  sawInFlight(): void {
    this.#inFlight += 1;
  }

  get clean(): boolean {
    return [...this.#tallies.values()].every((tally) => tally.violationCount === 0);
  }

  /** What an earlier pass found too: work in flight looks wrong once, a fault looks wrong twice. */
  confirmedBy(earlier: Findings, tookMs: number): AuditReport {
    return this.#report(tookMs, (id, tally) => {
      const before = earlier.#tally(id);
      if (before.violationCount > before.violations.length) return tally;
      const subjects = new Set(before.violations.map((violation) => violation.subject));
      const violations = tally.violations.filter((violation) => subjects.has(violation.subject));
      return { ...tally, violations, violationCount: violations.length };
    });
  }

  report(tookMs: number): AuditReport {
    return this.#report(tookMs, (_, tally) => tally);
  }

  #report(tookMs: number, choose: (id: InvariantId, tally: Tally) => Tally): AuditReport {
    const invariants = INVARIANT_IDS.map((id): InvariantReport => {
      const { checked, violationCount, violations } = choose(id, this.#tally(id));
      return {
        id,
        title: INVARIANT_TITLES[id],
        holds: violationCount === 0,
        checked,
        violationCount,
        violations: violations.slice(0, VIOLATIONS_LISTED_MAX),
      };
    });
    return { holds: invariants.every((invariant) => invariant.holds), invariants, inFlight: this.#inFlight, tookMs };
  }

  #tally(id: InvariantId): Tally {
    const tally = this.#tallies.get(id);
    if (tally === undefined) throw new Error(`no such invariant: ${id}`);
    return tally;
  }
}
