/**
 * Ways to break the code that tests must notice: the proof of the detector (`npm run test:seeded-bugs`). They are applied
 * while tests are built, never in a build that is shipped.
 */
import type { SourcePatch } from "../../scripts/lib/source-patches.ts";
import { CHECKOUT_BUGS } from "./bugs/checkout.ts";
import { FOLLOWER_BUGS } from "./bugs/followers.ts";
import { PAYMENT_BUGS } from "./bugs/payments.ts";
import { SAGA_BUGS } from "./bugs/saga.ts";
import type { SeededBug } from "./bugs/seeded-bug.ts";
import { STOCK_BUGS } from "./bugs/stock.ts";

export const SEEDED_BUGS: readonly SeededBug[] = [
  ...STOCK_BUGS,
  ...SAGA_BUGS,
  ...CHECKOUT_BUGS,
  ...PAYMENT_BUGS,
  ...FOLLOWER_BUGS,
];

/** What `HOLDFAST_SEEDED_BUG=<name>` asks for. @throws when there is no such bug. */
export function seededPatches(environment: NodeJS.ProcessEnv): readonly SourcePatch[] {
  const name = environment["HOLDFAST_SEEDED_BUG"];
  if (name === undefined) return [];
  const bug = SEEDED_BUGS.find((candidate) => candidate.name === name);
  if (bug === undefined) throw new Error(`HOLDFAST_SEEDED_BUG names no bug of test/faults/bugs/: ${name}`);
  return bug.patches;
}
