/**
 * Decides what comes back to the shelf of a sale: units of a hold that this object knows as committed. An object that was
 * set back in time has the units of later sales on hand already, so for a sale that it does not know nothing is put back.
 * The journal shows the restock in any case, by its reference. Pure.
 */
import type { MoveStockError, RestockStock, Unopened } from "./contract.ts";
import { decideMovement } from "./decide-movement.ts";
import type { Decision, DecisionContext, Hold, StockState } from "./stock-state.ts";

/** The units have left the shelf, and a cancelled cart has not put them back. */
export function wasSold(hold: Hold | undefined): hold is Hold {
  return hold?.state === "committed" && !hold.putBack;
}

/** @param appliedFingerprint as for `decideMovement`: the first answer to a key stands, whatever became of the hold since */
export function decideRestock(
  state: StockState,
  known: Hold | undefined,
  { holdId: _, ...command }: RestockStock,
  appliedFingerprint: string | undefined,
  context: DecisionContext,
): Decision<null, Exclude<MoveStockError, Unopened>> {
  const quantity = wasSold(known) ? Math.min(command.quantity, known.quantity) : 0;
  const move = appliedFingerprint === undefined ? { ...command, quantity } : command;
  const { changes, result } = decideMovement(state, "restocked", move, appliedFingerprint, context);
  if (result.ok) return { changes, result };
  const { error } = result;
  if (error.code === "insufficient_stock") throw new Error("a restock was refused for lack of stock");
  return { changes, result: { ok: false, error } };
}
