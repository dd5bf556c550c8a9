/**
 * What happens when a hold gives its units up, and who gets units that became free: those who were promised them first.
 * Changes a draft, no I/O.
 */
import type { StockDraft } from "./stock-draft.ts";
import type { Hold, Share } from "./stock-state.ts";

/** The shares to journal. A hold that never got a unit is journalled too, as nothing at the home location. */
export function sharesOf(draft: StockDraft, allocation: readonly Share[]): readonly Share[] {
  return allocation.length > 0 ? allocation : [[draft.homeLocation, 0]];
}

/** Resolves a held hold without a sale; its units are free at once. */
export function giveUp(draft: StockDraft, hold: Hold, state: "released" | "expired"): void {
  draft.putHold(hold, { ...hold, state, backordered: 0 });
  sharesOf(draft, hold.allocation).forEach(([location, quantity], index) => {
    draft.move({
      kind: state,
      location,
      quantity,
      onHandDelta: 0,
      heldDelta: -quantity,
      reference: hold.id,
      resolvesHold: index === 0,
    });
  });
}

/** Holds past their end are free at once, whoever looks first. */
export function expireDueHolds(draft: StockDraft): void {
  for (const hold of draft.dueHolds) giveUp(draft, hold, "expired");
  fillBackorders(draft);
}

/** Gives free units to the holds that are owed them, oldest first: nothing is free while somebody waits for it. */
export function fillBackorders(draft: StockDraft): void {
  if (draft.backordered === 0 || draft.available === 0) return;
  for (const hold of draft.owedHolds()) {
    fill(draft, hold);
    if (draft.available === 0) return;
  }
}

function fill(draft: StockDraft, owed: Hold): void {
  let hold = owed;
  for (const location of draft.locations) {
    const quantity = Math.min(hold.backordered, draft.availableAt(location));
    if (quantity === 0) continue;
    const filled: Hold = {
      ...hold,
      backordered: hold.backordered - quantity,
      allocation: withShare(hold.allocation, location, quantity),
    };
    draft.putHold(hold, filled);
    hold = filled;
    const sold = hold.state === "committed";
    draft.move({
      kind: sold ? "committed" : "held",
      location,
      quantity,
      onHandDelta: sold ? -quantity : 0,
      heldDelta: sold ? 0 : quantity,
      reference: hold.id,
    });
  }
}

function withShare(allocation: readonly Share[], location: string, quantity: number): readonly Share[] {
  const taken = allocation.find(([name]) => name === location)?.[1] ?? 0;
  return [...allocation.filter(([name]) => name !== location), [location, taken + quantity]];
}
