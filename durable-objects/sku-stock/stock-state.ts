/** What decisions about one SKU read and write: balances per location, holds, and the journal's end. Types only. */
import type { Result } from "../../workers/shared/result.ts";
import type { Movement } from "./contract.ts";

export interface Balance {
  readonly location: string;
  readonly onHand: number;
  /** Promised to holds; never more than `onHand`. */
  readonly held: number;
}

/** Units that a hold took from one location. */
export type Share = readonly [location: string, quantity: number];

export type HoldState = "held" | "committed" | "released" | "expired";

export interface Hold {
  readonly id: string;
  /** The journal's sequence when it was taken: older holds are filled first. 0 for a tombstone. */
  readonly sequence: number;
  /** 0 for a tombstone: a release that came before its hold. */
  readonly quantity: number;
  /** Units still owed beyond stock; kept after the commit until receipts fill them. */
  readonly backordered: number;
  /** At most one share per location. While held or committed: their sum + `backordered` = `quantity`. */
  readonly allocation: readonly Share[];
  readonly state: HoldState;
  /** A committed hold whose units were put back because another SKU of the same cart could not be committed. */
  readonly putBack: boolean;
  readonly expiresAtMs: number;
}

/** The part of the truth that a decision needs. The journal and resolved holds stay in storage. */
export interface StockState {
  readonly backorderable: boolean;
  /** Units owed beyond stock, over all holds. */
  readonly backordered: number;
  readonly lastSequence: number;
  /** In the order of allocation: the default location first, then by name. */
  readonly balances: readonly Balance[];
  /** Held, with an end at or before now. */
  readonly dueHolds: readonly Hold[];
  /** Held or committed holds with `backordered` > 0, oldest first; read only as far as units become free. */
  readonly owedHolds: Iterable<Hold>;
}

/** What a decision wants written, all or nothing. */
export interface StockChanges {
  readonly balances: readonly Balance[];
  readonly holds: readonly Hold[];
  readonly movements: readonly Movement[];
  readonly backordered: number;
}

/** Changes are written even when the answer is an error: holds that were found expired stay expired. */
export interface Decision<T, E extends { readonly code: string }> {
  readonly changes: StockChanges;
  readonly result: Result<T, E>;
}

export interface DecisionContext {
  readonly nowMs: number;
  readonly traceparent: string;
}
