/** What one partition counts of itself: keys with one effect (I5), gapless log and order numbers (I10). Pure. */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import type { PartitionAccount } from "../../workers/orders/contract.ts";
import type { Finding } from "./finding.ts";

export function checkPartition(account: PartitionAccount): readonly Finding[] {
  const subject = `partition ${account.partition}`;
  const findings: Finding[] = account.duplicateKeys.map((key) => ({
    invariant: "I5",
    subject: key,
    detail: `has more than one order with an effect in ${subject}`,
  }));
  const complain = (detail: string) => findings.push({ invariant: "I10", subject, detail });
  if (account.eventCount !== account.lastSequence) {
    complain(`${account.eventCount} events, but the last one is ${account.lastSequence}`);
  }
  if (account.publishedSequence > account.lastSequence)
    complain(`published ${account.publishedSequence} of ${account.lastSequence}`);
  for (const { day, count, highest } of account.numbers) {
    if (count !== highest) complain(`${count} order numbers on ${day}, but the highest is ${highest}`);
  }
  return findings;
}

/** A page of a log: numbered on from `afterSequence`, each event under its own name. */
export function checkLog(source: string, afterSequence: number, events: readonly OrderEvent[]): readonly Finding[] {
  return events.flatMap((event, index): Finding[] => {
    const expected = afterSequence + 1 + index;
    const named = event.source === source && event.id === `${source}#${event.sequence}` && event.subject === event.data.orderId;
    if (event.sequence === expected && named) return [];
    const detail = `event ${expected} is ${event.id} about ${event.subject}`;
    return [{ invariant: "I10", subject: source, detail }];
  });
}
