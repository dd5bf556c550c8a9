import { describe, expect, it } from "vitest";
import { VIOLATIONS_LISTED_MAX } from "../../../workers/audit/contract.ts";
import { Findings } from "../../../workers/audit/findings.ts";

function pass(...subjects: string[]): Findings {
  const findings = new Findings();
  findings.add(subjects.map((subject) => ({ invariant: "I4", subject, detail: "wrong" })));
  return findings;
}

describe("findings", () => {
  it("holds when nothing was found, and says how much was looked at", () => {
    const findings = pass();
    findings.checked("I1", 3);
    findings.sawInFlight();
    const report = findings.report(5);
    expect(report).toMatchObject({ holds: true, inFlight: 1, tookMs: 5 });
    expect(report.invariants.map((invariant) => invariant.id)).toHaveLength(12);
    expect(report.invariants[0]).toMatchObject({ id: "I1", checked: 3, holds: true, violations: [] });
  });

  it("reports only what both passes found: work in flight looks wrong once", () => {
    const report = pass("stuck", "new").confirmedBy(pass("stuck", "settled"), 0);
    const invariant = report.invariants.find((candidate) => candidate.id === "I4");
    expect(invariant?.violations.map((violation) => violation.subject)).toEqual(["stuck"]);
    expect([report.holds, invariant?.violationCount]).toEqual([false, 1]);
    expect(pass("new").confirmedBy(pass("settled"), 0).holds).toBe(true);
  });

  it("lists the first violations and counts all of them", () => {
    const many = Array.from({ length: 250 }, (_, index) => `order ${index}`);
    const invariant = pass(...many)
      .report(0)
      .invariants.find((candidate) => candidate.id === "I4");
    expect([invariant?.violationCount, invariant?.violations.length]).toEqual([250, VIOLATIONS_LISTED_MAX]);
  });

  it("does not lose violations when the first pass found more than it could keep", () => {
    const flood = Array.from({ length: 10_001 }, (_, index) => `order ${index}`);
    expect(pass("order 10000").confirmedBy(pass(...flood), 0).holds).toBe(false);
  });
});
