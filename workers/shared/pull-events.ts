/** Asks an owner for a page of its log, guarded like every call to a peer and parsed like every input. */
import * as z from "zod";
import type { Event } from "../../queues/contracts/envelope.ts";
import { guarded } from "./call-peer.ts";

const PULL_DEADLINE_MS = 10_000;
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
