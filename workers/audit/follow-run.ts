/** Starts an audit, or finds one by its id, and follows it: what happens, as it happens, and its end. */
import type { FoundViolation, RunView } from "../../durable-objects/audit-run/contract.ts";
import type { AuditRun } from "../../durable-objects/audit-run/index.ts";
import type { CallContext } from "../shared/telemetry.ts";
import type { Env } from "./env.ts";

/** One shop, one audit at a time. The number is that of the run's tables. */
const RUN_NAME = "shop/1";

type Runs = Pick<Env, "AUDIT_RUN">;

/** A stub stays broken after an error, so every call takes a new one. */
function runOf(env: Runs): DurableObjectStub<AuditRun> {
  return env.AUDIT_RUN.getByName(RUN_NAME);
}

export async function startRun(env: Runs, context: CallContext): Promise<RunView> {
  using view = await runOf(env).start({ ...context });
  return { ...view } as RunView;
}

/** Null: there is no such run. */
export async function findRun(env: Runs, runId: string): Promise<RunView | null> {
  return await waitFor(env, runId, Number.MIN_SAFE_INTEGER, 0);
}

async function waitFor(env: Runs, runId: string, afterVersion: number, afterViolation: number): Promise<RunView | null> {
  const view = (await runOf(env).wait(runId, afterVersion, afterViolation)) as RunView | null;
  return view === null ? null : { ...view };
}

export function isOver(view: RunView): boolean {
  return view.state === "finished" || view.state === "failed";
}

/** Everything that a run tells from `view` on, until it is over or `untilMs` has come. */
export async function* followRun(env: Runs, view: RunView, now: () => number, untilMs: number): AsyncGenerator<RunView> {
  let last = view;
  let seen = 0;
  for (;;) {
    seen = lastNumber(last.violations, seen);
    yield last;
    if ((isOver(last) && last.violations.length === 0) || now() >= untilMs) return;
    const news = await waitFor(env, last.runId, last.version, seen);
    if (news === null) return;
    last = news;
  }
}

function lastNumber(violations: readonly FoundViolation[], before: number): number {
  return violations.at(-1)?.number ?? before;
}
