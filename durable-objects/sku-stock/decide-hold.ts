/** Decides whether units are promised to a hold, and from which locations. Pure. */
import { err, ok } from "../../workers/shared/result.ts";
import type { HoldStock, HoldStockError } from "./contract.ts";
import { expireDueHolds, sharesOf } from "./free-units.ts";
import { StockDraft } from "./stock-draft.ts";
import type { Decision, DecisionContext, Hold, Share, StockState } from "./stock-state.ts";

export type HoldDecision = Decision<{ readonly expiresAtMs: number }, Exclude<HoldStockError, { readonly code: "unopened" }>>;

/** @param known the hold of this id, if there ever was one. */
export function decideHold(
  state: StockState,
  known: Hold | undefined,
  command: HoldStock,
  context: DecisionContext,
): HoldDecision {
  const draft = new StockDraft(state, context);
  expireDueHolds(draft);
  const result = known === undefined ? take(draft, command) : answerAgain(draft.current(known), command);
  return { changes: draft.changes(), result };
}

function answerAgain(hold: Hold, command: HoldStock): HoldDecision["result"] {
  switch (hold.state) {
    case "held":
      return hold.quantity === command.quantity ? ok({ expiresAtMs: hold.expiresAtMs }) : err({ code: "reused" });
    case "committed":
      return err({ code: hold.putBack ? "already_released" : "already_committed" });
    case "released":
      return err({ code: "already_released" });
    case "expired":
      return err({ code: "expired" });
  }
}

function take(draft: StockDraft, command: HoldStock): HoldDecision["result"] {
  if (command.expiresAtMs <= draft.context.nowMs) return err({ code: "expired" });
  const allocation = allocate(draft, command.quantity);
  const taken = allocation.reduce((sum, [, quantity]) => sum + quantity, 0);
  if (taken < command.quantity && !draft.backorderable) return err({ code: "short", available: taken });
  draft.putHold(undefined, {
    id: command.holdId,
    sequence: draft.nextSequence,
    quantity: command.quantity,
    backordered: command.quantity - taken,
    allocation,
    state: "held",
    putBack: false,
    expiresAtMs: command.expiresAtMs,
  });
  for (const [location, quantity] of sharesOf(draft, allocation)) {
    draft.move({ kind: "held", location, quantity, onHandDelta: 0, heldDelta: quantity, reference: command.holdId });
  }
  return ok({ expiresAtMs: command.expiresAtMs });
}

/** Takes from the first location as far as it goes, then from the next. */
function allocate(draft: StockDraft, wanted: number): readonly Share[] {
  const allocation: Share[] = [];
  let missing = wanted;
  for (const location of draft.locations) {
    const quantity = Math.min(missing, draft.availableAt(location));
    if (quantity === 0) continue;
    allocation.push([location, quantity]);
    missing -= quantity;
  }
  return allocation;
}
