/** The audit inside the rig: the real one, over the rig's services. */
import { runDurableObjectAlarm } from "cloudflare:test";
import type { AuditRunApi, RunView } from "../../../durable-objects/audit-run/contract.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import { rig } from "./wiring.ts";

const SLICES_MAX = 10_000;

/** `I4 ord_…: detail` for each violation; empty when every invariant holds. */
export async function auditShop(): Promise<string[]> {
  const stub = rig.AUDIT_RUN.getByName("shop/1");
  const run = stub as unknown as AuditRunApi;
  let view: RunView | null = await run.start(newContext());
  for (let slices = 0; view?.state === "running" && slices < SLICES_MAX; slices++) {
    await runDurableObjectAlarm(stub);
    view = await run.wait(view.runId, Number.MIN_SAFE_INTEGER, 0);
  }
  if (view === null || view.report === null) throw new Error(`the audit came to no end: ${view?.failure ?? view?.state}`);
  return view.report.invariants.flatMap(({ id, violations }) =>
    violations.map(({ subject, detail }) => `${id} ${subject}: ${detail}`),
  );
}
