/** A violation and the invariant that it breaks: what the comparisons give. */
import type { InvariantId, Violation } from "../../workers/audit/contract.ts";

export interface Finding extends Violation {
  readonly invariant: InvariantId;
}
