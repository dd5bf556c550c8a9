/** One SKU's stock as it is right now: holds past their end count as free although nothing is written. Pure. */
import type { StockLevel } from "./contract.ts";
import { expireDueHolds } from "./free-units.ts";
import { StockDraft } from "./stock-draft.ts";
import type { Balance, StockState } from "./stock-state.ts";

export interface StockView extends StockLevel {
  readonly onHand: number;
  readonly held: number;
  readonly backordered: number;
  readonly balances: readonly Balance[];
}

export function viewStock(state: StockState, nowMs: number): StockView {
  const draft = new StockDraft(state, { nowMs, traceparent: "" });
  expireDueHolds(draft);
  const balances = draft.balances;
  return {
    available: draft.available,
    backorderable: draft.backorderable,
    backordered: draft.backordered,
    onHand: balances.reduce((sum, balance) => sum + balance.onHand, 0),
    held: balances.reduce((sum, balance) => sum + balance.held, 0),
    balances,
  };
}
