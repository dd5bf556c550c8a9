/** The report of a run that is over: each invariant, how much was looked at, and what breaks it. */
import {
  type AuditReport,
  INVARIANT_IDS,
  type InvariantId,
  type InvariantReport,
  VIOLATIONS_LISTED_MAX,
} from "../../workers/audit/contract.ts";
import type { RunStore, StoredRun } from "./run-store.ts";

const INVARIANT_TITLES: Readonly<Record<InvariantId, string>> = {
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

export function reportRun(store: RunStore, run: StoredRun): AuditReport {
  const checked = new Map(
    store
      .all<{ invariant: string; checked: number }>("SELECT invariant, checked FROM tallies")
      .map((row) => [row.invariant, row.checked]),
  );
  const invariants = INVARIANT_IDS.map((id): InvariantReport => {
    const [row] = store.all<{ count: number }>("SELECT count(*) AS count FROM violations WHERE invariant = ?", id);
    const violationCount = row?.count ?? 0;
    const violations = store.all<{ subject: string; detail: string }>(
      "SELECT subject, detail FROM violations WHERE invariant = ? ORDER BY number LIMIT ?",
      id,
      VIOLATIONS_LISTED_MAX,
    );
    const title = INVARIANT_TITLES[id];
    return { id, title, holds: violationCount === 0, checked: checked.get(id) ?? 0, violationCount, violations };
  });
  return {
    holds: invariants.every((invariant) => invariant.holds),
    invariants,
    inFlight: run.inFlight,
    tookMs: (run.finishedAtMs ?? run.startedAtMs) - run.startedAtMs,
  };
}
