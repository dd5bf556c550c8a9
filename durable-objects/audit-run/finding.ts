/** A violation and the invariant that it breaks: what the comparisons give. Pure. */
import type { InvariantId, Violation } from "../../workers/audit/contract.ts";

export interface Finding extends Violation {
  readonly invariant: InvariantId;
}

/** A follower that knows more than its log has: no lag, but a log that got shorter. What takes the lost numbers is skipped. */
export function beyondTheEnd(subject: string, follower: string, sequence: number, end: number): Finding {
  const detail = `${follower} has applied ${sequence} events of its journal, which ends at ${end}: its object was set back in time`;
  return { invariant: "I12", subject, detail };
}
