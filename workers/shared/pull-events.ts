/** Asks an owner for pages of its logs, guarded like every call to a peer and parsed like every input. */
import * as z from "zod";
import type { Event } from "../../queues/contracts/envelope.ts";
import { guarded, release } from "./call-peer.ts";

const PULL_DEADLINE_MS = 10_000;
const PULL_MANY_DEADLINE_MS = 30_000;
const PULL_RETRIES = 2;

export async function pullEvents<E extends Event>(
  service: string,
  schema: z.ZodType<E>,
  read: () => Promise<readonly unknown[]>,
): Promise<readonly E[]> {
  const answer = await guarded({ service, deadlineMs: PULL_DEADLINE_MS, retries: PULL_RETRIES }, read);
  try {
    return z.array(schema).parse(answer);
  } finally {
    (answer as Partial<Disposable>)[Symbol.dispose]?.();
  }
}

/** Pages of many logs in one call: an invocation may make few. Logs that the answer leaves out are absent. */
export async function pullEventsOf<E extends Event>(
  service: string,
  schema: z.ZodType<E>,
  read: () => Promise<readonly unknown[]>,
): Promise<ReadonlyMap<string, readonly E[]>> {
  const pages = z.array(z.strictObject({ source: z.string(), events: z.array(schema) }));
  const policy = { service, deadlineMs: PULL_MANY_DEADLINE_MS, retries: PULL_RETRIES };
  const answer = await guarded(policy, async () => release(await read()));
  return new Map(pages.parse(answer).map(({ source, events }) => [source, events]));
}
