/**
 * The RPC between inventory and the SkuStock object of one SKU. Every mutating call is idempotent, so that a call whose
 * answer was lost is simply repeated. An object that was never opened answers `unopened`; the caller then reads the
 * frozen opening balance and repeats the call with it: opening and effect are one durable commit.
 */
import type { MovementKind, StockEvent } from "../../queues/contracts/stock-events.ts";
import type { StockAccount } from "../../workers/inventory/contract.ts";
import type { RecoverableObject } from "../../workers/shared/recover-object.ts";
import type { Result } from "../../workers/shared/result.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";

/** What the shop had before the object existed. The first opening wins; later ones are ignored. */
export interface Opening {
  readonly sku: string;
  /** May be sold beyond what is on hand. */
  readonly backorderable: boolean;
  /** At least one. */
  readonly balances: readonly { readonly location: string; readonly quantity: number }[];
}

export type Unopened = { readonly code: "unopened" };
export type AlreadyCommitted = { readonly code: "already_committed" };
export type AlreadyReleased = { readonly code: "already_released" };
export type Expired = { readonly code: "expired" };
/** The key or hold id was used before for something else. */
export type Reused = { readonly code: "reused" };

export interface HoldStock {
  readonly holdId: string;
  readonly quantity: number;
  readonly expiresAtMs: number;
}
export type HoldStockError =
  | Unopened
  | { readonly code: "short"; readonly available: number }
  | AlreadyCommitted
  | AlreadyReleased
  | Expired
  | Reused;

export type HoldStockAnswer = Result<{ readonly expiresAtMs: number }, HoldStockError>;

/** A hold among others: each leaves its own trace in the journal. */
export interface HoldStockAmongOthers extends HoldStock {
  readonly context: CallContext;
}
/** An object that was never opened has nothing for anybody; else one outcome for each, in their order. */
export type HoldTogetherAnswer = Result<readonly HoldStockOutcome[], Unopened>;
export type HoldStockOutcome = Result<{ readonly expiresAtMs: number }, Exclude<HoldStockError, Unopened>>;

export type CommitStockError = Unopened | { readonly code: "hold_unknown" } | AlreadyReleased | Expired;
export type ReleaseStockError = Unopened | AlreadyCommitted;

/** Units that come in, go out by hand, or come back. */
export interface MoveStock {
  /** Once per kind and key, whatever is repeated. */
  readonly key: string;
  /** Positive; negative only for adjustments downwards. */
  readonly quantity: number;
  /** Null: the default location for receipts and adjustments, where the SKU is kept for restocks. */
  readonly location: string | null;
  /** Shown in the journal; the key when null. */
  readonly reference: string | null;
}
export type MoveStockError = Unopened | Reused;

/** Units of a sale that come back. */
export interface RestockStock extends MoveStock {
  /** The hold that sold them. */
  readonly holdId: string;
}
/** `available` is what the location could give up. */
export type AdjustStockError = MoveStockError | { readonly code: "insufficient_stock"; readonly available: number };

export interface StockLevel {
  readonly available: number;
  readonly backorderable: boolean;
}

/** One row of the journal, with the balances right after it. */
export interface Movement {
  readonly sequence: number;
  readonly atMs: number;
  readonly kind: MovementKind;
  readonly location: string;
  readonly quantity: number;
  readonly reference: string;
  /** True on the one movement that resolves its hold. */
  readonly resolvesHold: boolean;
  readonly onHandAfter: number;
  readonly heldAfter: number;
  readonly backorderedAfter: number;
  readonly availableAfter: number;
  readonly traceparent: string;
}

/** Everything an operator sees of one SKU. */
export interface StockReport {
  readonly onHand: number;
  readonly held: number;
  readonly available: number;
  readonly backordered: number;
  readonly backorderable: boolean;
  readonly locations: readonly { readonly location: string; readonly onHand: number; readonly held: number }[];
  /** Newest first. */
  readonly movements: readonly Movement[];
}

export interface SkuStockApi extends RecoverableObject {
  hold(command: HoldStock, context: CallContext, opening: Opening | null): Promise<HoldStockAnswer>;
  /** One after the other, with one durable commit. */
  holdTogether(commands: readonly HoldStockAmongOthers[], opening: Opening | null): Promise<HoldTogetherAnswer>;
  commit(holdId: string, context: CallContext): Promise<Result<null, CommitStockError>>;
  /** A release ahead of its hold leaves a tombstone. */
  release(holdId: string, context: CallContext, opening: Opening | null): Promise<Result<null, ReleaseStockError>>;
  /** Undoes the hold whatever became of it: held units are released, committed ones put back. */
  cancel(holdId: string, context: CallContext, opening: Opening | null): Promise<Result<null, Unopened>>;
  receive(command: MoveStock, context: CallContext, opening: Opening | null): Promise<Result<null, MoveStockError>>;
  adjust(command: MoveStock, context: CallContext, opening: Opening | null): Promise<Result<null, AdjustStockError>>;
  /** Puts back nothing of a sale that the object does not know: it was set back to before it, and has the units. */
  restock(command: RestockStock, context: CallContext, opening: Opening | null): Promise<Result<null, MoveStockError>>;
  setBackorderable(backorderable: boolean, context: CallContext, opening: Opening | null): Promise<Result<null, Unopened>>;
  readLevel(): Promise<Result<StockLevel, Unopened>>;
  readReport(movementsMax: number): Promise<Result<StockReport, Unopened>>;
  /** Newest first, older than `beforeSequence`. */
  listMovements(beforeSequence: number, limit: number): Promise<readonly Movement[]>;
  /** Oldest first, after `afterSequence`. */
  readEvents(afterSequence: number, limit: number): Promise<readonly StockEvent[]>;
  readAccount(): Promise<Result<StockAccount, Unopened>>;
}
