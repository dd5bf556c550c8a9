/** Decides openings, receipts, adjustments and restocks: what changes on hand without a hold. Pure. */
import { DEFAULT_LOCATION } from "../../workers/inventory/contract.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import type { AdjustStockError, MoveStock, MoveStockError, Opening } from "./contract.ts";
import { expireDueHolds, fillBackorders } from "./free-units.ts";
import { compareLocations, StockDraft } from "./stock-draft.ts";
import type { Decision, DecisionContext, StockChanges, StockState } from "./stock-state.ts";

export type MoveKind = "received" | "adjusted" | "restocked";

type Opened<E> = Exclude<E, { readonly code: "unopened" }>;

const NOTHING: StockState = {
  backorderable: false,
  backordered: 0,
  lastSequence: 0,
  balances: [],
  dueHolds: [],
  owedHolds: [],
};

/** The journal's first movements: one per location, also for a balance of nothing. */
export function decideOpening(opening: Opening, context: DecisionContext): StockChanges {
  const draft = new StockDraft(NOTHING, context);
  for (const { location, quantity } of opening.balances.toSorted((a, b) => compareLocations(a.location, b.location))) {
    draft.move({ kind: "opened", location, quantity, onHandDelta: quantity, heldDelta: 0, reference: "opening" });
  }
  return draft.changes();
}

/** What a repeated key is compared with: the same words mean the same request. */
export function fingerprintOf(command: MoveStock): string {
  return JSON.stringify([command.quantity, command.location, command.reference]);
}

/**
 * @param appliedFingerprint the fingerprint this key was used with before, if it was: the same request again changes
 * nothing and succeeds.
 */
export function decideMovement(
  state: StockState,
  kind: MoveKind,
  command: MoveStock,
  appliedFingerprint: string | undefined,
  context: DecisionContext,
): Decision<null, Opened<AdjustStockError>> {
  const draft = new StockDraft(state, context);
  expireDueHolds(draft);
  const result = appliedFingerprint === undefined ? move(draft, kind, command) : answerAgain(command, appliedFingerprint);
  return { changes: draft.changes(), result };
}

function answerAgain(command: MoveStock, appliedFingerprint: string): Decision<null, Opened<MoveStockError>>["result"] {
  return fingerprintOf(command) === appliedFingerprint ? ok(null) : err({ code: "reused" });
}

function move(draft: StockDraft, kind: MoveKind, command: MoveStock): Decision<null, Opened<AdjustStockError>>["result"] {
  const location = command.location ?? (kind === "restocked" ? draft.homeLocation : DEFAULT_LOCATION);
  const available = draft.availableAt(location);
  if (available + command.quantity < 0) return err({ code: "insufficient_stock", available });
  draft.move({
    kind,
    location,
    quantity: command.quantity,
    onHandDelta: command.quantity,
    heldDelta: 0,
    reference: command.reference ?? command.key,
  });
  fillBackorders(draft);
  return ok(null);
}

/** Units that come in cannot fall short. */
export function neverShort(result: Result<null, AdjustStockError>): Result<null, MoveStockError> {
  if (result.ok) return result;
  const { error } = result;
  if (error.code === "insufficient_stock") throw new Error("a receipt was refused for lack of stock");
  return err(error);
}
