/** The audit as clients see it: the report, a run under way, and the lines of a stream. Shapes and mapping; pure. */
import { z } from "@hono/zod-openapi";
import type { FoundViolation, RunView } from "../../durable-objects/audit-run/contract.ts";
import { type AuditReport, INVARIANT_IDS, VIOLATIONS_LISTED_MAX } from "./contract.ts";

const InvariantJson = z
  .object({
    id: z.enum(INVARIANT_IDS),
    title: z.string(),
    holds: z.boolean(),
    checked: z.int().openapi({ description: "How many things were looked at." }),
    violation_count: z.int(),
    violations: z
      .array(z.object({ subject: z.string(), detail: z.string() }))
      .openapi({ description: `The first ${VIOLATIONS_LISTED_MAX}. A stream tells all of them.` }),
  })
  .openapi("AuditedInvariant");

export const AuditJson = z
  .object({
    run_id: z.string(),
    holds: z.boolean().openapi({ description: "All invariants hold." }),
    invariants: z.array(InvariantJson),
    items: z.array(InvariantJson).openapi({ description: "The same as `invariants`, under the name that every list has." }),
    in_flight: z.int().openapi({ description: "Orders whose saga was running, or that kept changing, while they were read." }),
    took_ms: z.int(),
  })
  .openapi("Audit");

export const AuditRunJson = z
  .object({
    run_id: z.string(),
    state: z.enum(["queued", "running"]),
    phase: z.string().openapi({ description: "What is being read or compared." }),
    done: z.int(),
    of: z.int().nullable().openapi({ description: "Null while nobody knows how many there are." }),
  })
  .openapi("AuditRun");

export function auditJson(runId: string, report: AuditReport): z.infer<typeof AuditJson> {
  const invariants = report.invariants.map(({ id, title, holds, checked, violationCount, violations }) => ({
    id,
    title,
    holds,
    checked,
    violation_count: violationCount,
    violations: [...violations],
  }));
  return {
    run_id: runId,
    holds: report.holds,
    invariants,
    items: invariants,
    in_flight: report.inFlight,
    took_ms: report.tookMs,
  };
}

export function auditRunJson({ runId, state, phase, done, of }: RunView): z.infer<typeof AuditRunJson> {
  return { run_id: runId, state: state === "queued" ? "queued" : "running", phase, done, of };
}

/** Lines of a stream. The last one is `report`, `continued` (ask at `location`) or `failed`. */
export type AuditLine =
  | ({ readonly type: "progress" } & z.infer<typeof AuditRunJson>)
  | { readonly type: "violation"; readonly invariant: string; readonly subject: string; readonly detail: string }
  | ({ readonly type: "report" } & z.infer<typeof AuditJson>)
  | { readonly type: "continued"; readonly run_id: string; readonly location: string }
  | { readonly type: "failed"; readonly run_id: string; readonly detail: string };

export function violationLine({ invariant, subject, detail }: FoundViolation): AuditLine {
  return { type: "violation", invariant, subject, detail };
}

export function runLocation(runId: string): string {
  return `/v1/admin/audit/runs/${runId}`;
}
