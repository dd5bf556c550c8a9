/** Writes down what every reader already sees: holds past their end gave their units up. Pure. */
import { ok } from "../../workers/shared/result.ts";
import { expireDueHolds } from "./free-units.ts";
import { StockDraft } from "./stock-draft.ts";
import type { Decision, DecisionContext, StockState } from "./stock-state.ts";

export function decideTidying(state: StockState, context: DecisionContext): Decision<null, never> {
  const draft = new StockDraft(state, context);
  expireDueHolds(draft);
  return { changes: draft.changes(), result: ok(null) };
}
