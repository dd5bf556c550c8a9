/** Reads a peer's list a page at a time, each page guarded, so that the audit never holds more than one page of it. */
import { guarded, release } from "../shared/call-peer.ts";

/** Orders with their lines, payments with what the provider says. */
const PAGE_ROWS = 200;
/** The most that owners give at once, for rows of a few numbers: every page is a call, and calls are limited. */
export const SMALL_ROWS = 1_000;
const DEADLINE_MS = 60_000;
const RETRIES = 2;

/** Any read of a peer: they are all idempotent. @throws when the peer does not answer. */
export async function ask<T>(service: string, call: () => Promise<T>): Promise<T> {
  return await guarded({ service, deadlineMs: DEADLINE_MS, retries: RETRIES }, async () => {
    const answer = await call();
    return typeof answer === "object" && answer !== null ? release(answer) : answer;
  });
}

/** @param keyOf what the next page starts after */
export async function* readPages<T>(
  service: string,
  read: (after: string, limit: number) => Promise<readonly T[]>,
  keyOf: (item: T) => string,
  rows = PAGE_ROWS,
): AsyncGenerator<readonly T[]> {
  let after = "";
  for (;;) {
    const page = await ask(service, () => read(after, rows));
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    const next = keyOf(last);
    if (next === after) throw new Error(`${service} gives the same page again after ${after}`);
    after = next;
  }
}
