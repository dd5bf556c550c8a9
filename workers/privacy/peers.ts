/** Questions to the owners while somebody waits for the answer. What cannot be asked is 503: nothing has begun then. */
import { guarded, release } from "../shared/call-peer.ts";
import { ProblemError } from "../shared/problem.ts";
import { logger } from "../shared/telemetry.ts";

const DEADLINE_MS = 10_000;

/** @throws ProblemError 503 */
async function ask<T>(service: string, retries: number, call: () => Promise<T>): Promise<T> {
  try {
    return await guarded({ service, deadlineMs: DEADLINE_MS, retries }, async () => {
      const answer = await call();
      return typeof answer === "object" && answer !== null ? release(answer) : answer;
    });
  } catch (error) {
    logger("privacy").error("peer_failed", error, { peer: service });
    throw new ProblemError({
      status: 503,
      code: "service_unavailable",
      detail: `${service} does not answer, so nothing was begun. Try again in a moment.`,
      headers: { "retry-after": "2" },
    });
  }
}

/** Once: each try at a password counts. */
export async function askIdentity<T>(call: () => Promise<T>): Promise<T> {
  return await ask("identity", 0, call);
}

export async function askOrders<T>(call: () => Promise<T>): Promise<T> {
  return await ask("orders", 1, call);
}
