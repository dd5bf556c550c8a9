/** Decides how a hold ends: committed (sold), released, or cancelled with the whole cart. Each hold ends once. Pure. */
import { err, ok } from "../../workers/shared/result.ts";
import type { CommitStockError, ReleaseStockError } from "./contract.ts";
import { expireDueHolds, fillBackorders, giveUp, sharesOf } from "./free-units.ts";
import { StockDraft } from "./stock-draft.ts";
import type { Decision, DecisionContext, Hold, StockState } from "./stock-state.ts";

type Opened<E> = Exclude<E, { readonly code: "unopened" }>;

/** The units leave. A hold past its end is `expired`, even when nobody wanted its units meanwhile. */
export function decideCommit(
  state: StockState,
  known: Hold | undefined,
  context: DecisionContext,
): Decision<null, Opened<CommitStockError>> {
  const draft = new StockDraft(state, context);
  expireDueHolds(draft);
  const result = known === undefined ? err({ code: "hold_unknown" as const }) : commit(draft, draft.current(known));
  return { changes: draft.changes(), result };
}

function commit(draft: StockDraft, hold: Hold): Decision<null, Opened<CommitStockError>>["result"] {
  switch (hold.state) {
    case "held":
      draft.putHold(hold, { ...hold, state: "committed" });
      sharesOf(draft, hold.allocation).forEach(([location, quantity], index) => {
        draft.move({
          kind: "committed",
          location,
          quantity,
          onHandDelta: -quantity,
          heldDelta: -quantity,
          reference: hold.id,
          resolvesHold: index === 0,
        });
      });
      return ok(null);
    case "committed":
      return hold.putBack ? err({ code: "already_released" }) : ok(null);
    case "released":
      return err({ code: "already_released" });
    case "expired":
      return err({ code: "expired" });
  }
}

/** The units are free again. Before its hold: a tombstone, so that the late hold is refused. */
export function decideRelease(
  state: StockState,
  holdId: string,
  known: Hold | undefined,
  context: DecisionContext,
): Decision<null, Opened<ReleaseStockError>> {
  const draft = new StockDraft(state, context);
  expireDueHolds(draft);
  const hold = known === undefined ? undefined : draft.current(known);
  const sold = hold?.state === "committed" && !hold.putBack;
  if (!sold) release(draft, holdId, hold);
  return { changes: draft.changes(), result: sold ? err({ code: "already_committed" }) : ok(null) };
}

/** Like a release, but units already sold are put back: the cart is sold whole or not at all. */
export function decideCancel(
  state: StockState,
  holdId: string,
  known: Hold | undefined,
  context: DecisionContext,
): Decision<null, never> {
  const draft = new StockDraft(state, context);
  expireDueHolds(draft);
  const hold = known === undefined ? undefined : draft.current(known);
  if (hold?.state === "committed") putBack(draft, hold);
  else release(draft, holdId, hold);
  return { changes: draft.changes(), result: ok(null) };
}

function release(draft: StockDraft, holdId: string, hold: Hold | undefined): void {
  if (hold === undefined) draft.putHold(undefined, tombstone(holdId));
  if (hold?.state !== "held") return;
  giveUp(draft, hold, "released");
  fillBackorders(draft);
}

function putBack(draft: StockDraft, hold: Hold): void {
  if (hold.putBack) return;
  draft.putHold(hold, { ...hold, putBack: true, backordered: 0 });
  for (const [location, quantity] of sharesOf(draft, hold.allocation)) {
    draft.move({ kind: "restocked", location, quantity, onHandDelta: quantity, heldDelta: 0, reference: hold.id });
  }
  fillBackorders(draft);
}

function tombstone(id: string): Hold {
  return { id, sequence: 0, quantity: 0, backordered: 0, allocation: [], state: "released", putBack: false, expiresAtMs: 0 };
}
