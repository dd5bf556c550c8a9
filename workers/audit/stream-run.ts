/** A run as lines of JSON: progress and violations as they come, then the report or where to go on. */
import type { RunView } from "../../durable-objects/audit-run/contract.ts";
import { systemClock } from "../shared/clock.ts";
import { type AuditLine, auditJson, auditRunJson, runLocation, violationLine } from "./audit-json.ts";
import type { Env } from "./env.ts";
import { followRun, isOver } from "./follow-run.ts";

export const NDJSON = "application/x-ndjson";
/** Below the 100 seconds after which proxies give up on a silent connection: the client goes on at `location`. */
const STREAM_MS = 90_000;

export function streamRun(env: Env, first: RunView): Response {
  const lines = linesOf(env, first);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await lines.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  return new Response(body, { headers: { "content-type": NDJSON, "cache-control": "no-store" } });
}

async function* linesOf(env: Env, first: RunView): AsyncGenerator<AuditLine, undefined> {
  let last = first;
  for await (const view of followRun(env, first, () => systemClock.now(), systemClock.now() + STREAM_MS)) {
    last = view;
    yield { type: "progress", ...auditRunJson(view) };
    for (const violation of view.violations) yield violationLine(violation);
  }
  yield endOf(last);
}

function endOf(view: RunView): AuditLine {
  const { runId, report, failure } = view;
  if (report !== null) return { type: "report", ...auditJson(runId, report) };
  if (isOver(view)) return { type: "failed", run_id: runId, detail: failure ?? "" };
  return { type: "continued", run_id: runId, location: runLocation(runId) };
}
