/** How a scheduled handler is run in each form of the local system. */
import type { Miniflare } from "miniflare";
import type { DispatchScheduled } from "./cron-scheduler.ts";

const DEADLINE_MS = 60_000;

/** `npm run serve`: through Miniflare's own handle on the worker. */
export function dispatchByMiniflare(miniflare: Pick<Miniflare, "getWorker">): DispatchScheduled {
  return async (worker, cron, scheduledAtMs) => {
    const handle = await miniflare.getWorker(worker);
    const { outcome } = await handle.scheduled({ cron, scheduledTime: new Date(scheduledAtMs) });
    if (outcome !== "ok") throw new Error(outcome);
  };
}

/** `npm start`: through the endpoint that `wrangler dev` has for it. */
export function dispatchByHttp(url: string): DispatchScheduled {
  return async (worker, cron, scheduledAtMs) => {
    const response = await fetch(`${url}/cdn-cgi/local/explorer/api/local/scheduled?worker=${encodeURIComponent(worker)}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ cron, scheduled_time: scheduledAtMs }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    const { result } = JSON.parse(text) as { readonly result?: { readonly outcome?: string } };
    if (result?.outcome !== "ok") throw new Error(result?.outcome ?? text);
  };
}
