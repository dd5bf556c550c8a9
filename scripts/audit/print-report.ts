/** The audit's report as a table for people. Pure. */
import type { Report } from "./read-audit.ts";

const COUNT_WIDTH = 12;

export function reportTable(report: Report): string {
  const rows = report.invariants.map(({ id, title, holds, checked, violation_count: violations }) =>
    [
      holds ? "  ✓" : "  ✗",
      id.padEnd(4),
      String(checked).padStart(COUNT_WIDTH),
      String(violations).padStart(COUNT_WIDTH),
      ` ${title}`,
    ].join(" "),
  );
  const head = `      ${"".padEnd(2)} ${"checked".padStart(COUNT_WIDTH - 1)} ${"violations".padStart(COUNT_WIDTH)}`;
  return [head, ...rows].join("\n");
}

export function verdict(report: Report): string {
  const violations = report.invariants.reduce((sum, invariant) => sum + invariant.violation_count, 0);
  const flight = report.in_flight === 0 ? "" : ` ${report.in_flight} orders were in flight.`;
  const took = `Took ${(report.took_ms / 1000).toFixed(1)} s.`;
  return violations === 0 ? `All invariants hold. ${took}${flight}` : `${violations} violations. ${took}${flight}`;
}
