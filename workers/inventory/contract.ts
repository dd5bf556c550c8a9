/** What peers may ask of inventory. One RPC takes a whole cart, all or nothing; each SKU's truth is its SkuStock object. */
import * as z from "zod";
import type { MovementKind, StockEvent } from "../../queues/contracts/stock-events.ts";
import type { Result } from "../shared/result.ts";
import { CallContext } from "../shared/telemetry.ts";

/** Printable, 1–64 characters, no leading or trailing space: what shops print on labels. */
export const Sku = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u, "must be printable and not start or end with a space");

/** Units in one line or receipt. */
export const QUANTITY_MAX = 1_000_000;
export const Quantity = z.int().min(1).max(QUANTITY_MAX);
/** Lines in one hold, so that a cart stays far below the platform's subrequest limit. */
export const LINES_MAX = 1_000;
export const DEFAULT_LOCATION = "main";
export const LocationName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "must be a short lower-case name such as main");

export const StockLine = z.strictObject({ sku: Sku, quantity: Quantity });
export type StockLine = z.infer<typeof StockLine>;

/** A hold's id: the order's id plus `~n` for the nth attempt to hold. */
export const HoldId = z.string().min(1).max(80);

export const HoldCommand = z.strictObject({
  holdId: HoldId,
  lines: z.array(StockLine).min(1).max(LINES_MAX),
  expiresAtMs: z.int(),
});
export type HoldCommand = z.infer<typeof HoldCommand>;

/** Holds of one SKU in one call: the object serves nobody else meanwhile. */
export const HOLDS_TOGETHER_MAX = 100;

/** Several carts that want one SKU and nothing else. */
export const HoldTogetherCommand = z.strictObject({
  sku: Sku,
  /** In the order in which they are served; each leaves its own trace in the journal. */
  holds: z
    .array(z.strictObject({ holdId: HoldId, quantity: Quantity, expiresAtMs: z.int(), context: CallContext }))
    .min(1)
    .max(HOLDS_TOGETHER_MAX),
});
export type HoldTogetherCommand = z.infer<typeof HoldTogetherCommand>;

/** What became of one cart's hold. */
export type HoldOutcome = Result<{ readonly expiresAtMs: number }, HoldError>;

export interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

export type HoldError =
  /** Nothing is held. */
  | { readonly code: "out_of_stock"; readonly shortages: readonly Shortage[] }
  /** Nothing is held. */
  | { readonly code: "unknown_sku"; readonly skus: readonly string[] }
  /** The id was resolved before (released ahead of its hold, expired, committed): take a new attempt's id. */
  | { readonly code: "hold_resolved"; readonly skus: readonly string[] };

/** Commit and release name the SKUs of the hold, because inventory keeps no list of its own. */
export const ResolveCommand = z.strictObject({ holdId: HoldId, skus: z.array(Sku).min(1).max(LINES_MAX) });
export type ResolveCommand = z.infer<typeof ResolveCommand>;

export type CommitError =
  /** At least one hold had run out or been released; nothing of this hold stays committed (already committed SKUs were put back). */
  { readonly code: "hold_expired"; readonly skus: readonly string[] };

export type ReleaseError = { readonly code: "already_committed"; readonly skus: readonly string[] };

export const RestockCommand = z.strictObject({
  /** Refund or cancellation id: the same reference restocks a SKU once. */
  reference: z.string().min(1).max(80),
  /** The hold that sold the units: a SKU that does not know the sale puts nothing back. */
  holdId: HoldId,
  lines: z.array(StockLine).min(1).max(LINES_MAX),
});
export type RestockCommand = z.infer<typeof RestockCommand>;

export const OpeningBalance = z.strictObject({
  sku: Sku,
  location: LocationName,
  quantity: z.int().min(0).max(QUANTITY_MAX),
  /** May be sold beyond what is on hand. */
  backorderable: z.boolean(),
});
export type OpeningBalance = z.infer<typeof OpeningBalance>;
export const OPENING_BALANCES_MAX = 2_000;

export interface OpeningOutcome {
  /** SKUs whose stock is already in use: their opening balance is history, use receipts and adjustments. */
  readonly alreadyOpened: readonly string[];
}

export interface Availability {
  readonly sku: string;
  /** Units that can be held now; 0 for unknown SKUs. */
  readonly available: number;
  readonly backorderable: boolean;
  readonly known: boolean;
}

/** A SKU sold out (nothing available, no backorder) or came back. */
export interface SoldOutChange {
  readonly sku: string;
  readonly soldOut: boolean;
  /** Rises with every change; a SKU's earlier changes are not kept. */
  readonly revision: number;
}

/** One SKU's books for the audit. `sequence` is the journal's newest; sums are over the whole journal. */
export interface StockAccount {
  readonly sku: string;
  readonly sequence: number;
  readonly locations: readonly {
    readonly location: string;
    readonly onHand: number;
    readonly held: number;
    /** opened + received + adjusted − committed + restocked, from the journal. */
    readonly journalOnHand: number;
    /** The journal has an entry for it. */
    readonly moved: boolean;
  }[];
  readonly backordered: number;
  /** As the newest entry of the journal left it. */
  readonly available: number;
  /** When that entry was written; 0 without one. */
  readonly movedAtMs: number;
  /** What moved, by UTC day and kind. */
  readonly journal: readonly {
    readonly day: string;
    readonly kind: MovementKind;
    readonly movements: number;
    readonly quantity: number;
  }[];
  readonly holds: readonly {
    readonly holdId: string;
    readonly state: "held" | "committed" | "released" | "expired";
    readonly quantity: number;
    readonly expiresAtMs: number;
    /** How many resolving movements the journal has for it: at most 1. */
    readonly resolutions: number;
  }[];
  /** True when the journal's sequence has no gap. */
  readonly gapless: boolean;
}

/** SKUs of one batched read: each is a call to its object, and an invocation may make a thousand. */
export const SKUS_READ_MAX = 500;

/** Where a follower stands in one SKU's log. */
export const EventCursor = z.strictObject({ sku: Sku, afterSequence: z.int().min(0) });
export type EventCursor = z.infer<typeof EventCursor>;

export interface SkuEvents {
  readonly sku: string;
  /** Oldest first. */
  readonly events: readonly StockEvent[];
}

export interface InventoryApi {
  /** Idempotent by hold id. Lines of one SKU are summed. */
  hold(command: HoldCommand, context: CallContext): Promise<HoldOutcome>;
  /** As many holds with one call and one commit. An outcome for each, in their order, as if it had been asked alone. */
  holdTogether(command: HoldTogetherCommand): Promise<Result<readonly HoldOutcome[], never>>;
  /** Idempotent. */
  commit(command: ResolveCommand, context: CallContext): Promise<Result<null, CommitError>>;
  /** Idempotent; a release ahead of its hold leaves a tombstone. */
  release(command: ResolveCommand, context: CallContext): Promise<Result<null, ReleaseError>>;
  /** Idempotent by reference and SKU. */
  restock(
    command: RestockCommand,
    context: CallContext,
  ): Promise<Result<null, { readonly code: "unknown_sku"; readonly skus: readonly string[] }>>;
  /** Opens SKUs for sale without touching their objects. Idempotent; later balances replace earlier ones until first use. */
  setOpeningBalances(balances: readonly OpeningBalance[], context: CallContext): Promise<Result<OpeningOutcome, never>>;
  availability(skus: readonly string[], context: CallContext): Promise<Result<readonly Availability[], never>>;
  /** Oldest first, after `afterRevision`, at most 1,000. For mirrors: moments old, and never a promise. */
  readSoldOutChanges(afterRevision: number, limit: number): Promise<readonly SoldOutChange[]>;
  /** Events after `afterSequence`, oldest first. For followers. */
  readEvents(sku: string, afterSequence: number, limit: number): Promise<readonly StockEvent[]>;
  /** SKUs whose object was touched, in order, for audits and rebuilds. */
  listTouchedSkus(afterSku: string, limit: number): Promise<readonly string[]>;
  /**
   * SKUs that have a journal: this worker may have been set back to before it knew. Idempotent, at most `SKUS_READ_MAX`.
   * @returns those that it had forgotten
   */
  rememberTouched(skus: readonly string[]): Promise<readonly string[]>;
  readAccount(sku: string): Promise<StockAccount>;
  /**
   * Books of up to `SKUS_READ_MAX` SKUs, in the order asked. So that the answer stays small, it may end early (after at
   * least one of them): ask again for the rest.
   */
  readAccounts(skus: readonly string[]): Promise<readonly StockAccount[]>;
  /** Events of up to `SKUS_READ_MAX` logs, `limit` of each; in the order asked, and may end early like `readAccounts`. */
  readEventsOf(cursors: readonly EventCursor[], limit: number): Promise<readonly SkuEvents[]>;
}
