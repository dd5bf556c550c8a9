/** Circuit breakers live as long as the process: what one history did to them must not be seen by the next. */
import { guarded } from "../../../../workers/shared/call-peer.ts";
import type { VirtualTime } from "./virtual-time.ts";

const SERVICES = ["inventory", "payments", "order-events"] as const;

/** One call that succeeds closes a breaker: long after, because it opens again only with time. */
export async function resetBreakers(time: VirtualTime): Promise<void> {
  const startMs = time.nowMs;
  time.nowMs = startMs + 24 * 60 * 60_000;
  const done: Promise<void>[] = [];
  await time.during(() => {
    for (const service of SERVICES) done.push(guarded({ service, deadlineMs: 1, retries: 0 }, async () => undefined));
  });
  await Promise.all(done);
  time.nowMs = startMs;
}
