/**
 * SkuStock: the truth about the stock of one SKU. Single-threaded and transactional: every command loads, decides (pure
 * files beside this one) and writes holds, balances and journal in one SQLite transaction, which also sets the alarm. The
 * journal is the event log: a timer publishes it, with the alarm behind it, which also tidies holds past their end.
 */
import type { StockEvent } from "../../queues/contracts/stock-events.ts";
import type { StockAccount } from "../../workers/inventory/contract.ts";
import { systemClock } from "../../workers/shared/clock.ts";
import { ObjectTimers } from "../../workers/shared/later.ts";
import { RecoverableDurableObject } from "../../workers/shared/recoverable-durable-object.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import { type CallContext, logger, newContext } from "../../workers/shared/telemetry.ts";
import type {
  AdjustStockError,
  CommitStockError,
  HoldStock,
  HoldStockAmongOthers,
  HoldStockAnswer,
  HoldStockError,
  HoldTogetherAnswer,
  Movement,
  MoveStock,
  MoveStockError,
  Opening,
  ReleaseStockError,
  RestockStock,
  SkuStockApi,
  StockLevel,
  StockReport,
  Unopened,
} from "./contract.ts";
import { decideHold } from "./decide-hold.ts";
import { decideMovement, decideOpening, fingerprintOf, type MoveKind, neverShort } from "./decide-movement.ts";
import { decideCancel, decideCommit, decideRelease } from "./decide-resolution.ts";
import { decideRestock, wasSold } from "./decide-restock.ts";
import { decideTidying } from "./decide-tidying.ts";
import { holdInTurn } from "./hold-in-turn.ts";
import { publishMovements, stockQueues } from "./publish-movements.ts";
import { readAccount } from "./read-account.ts";
import { SoldOutFlag } from "./sold-out-flag.ts";
import { stockEventOf } from "./stock-event.ts";
import type { Decision, DecisionContext, StockState } from "./stock-state.ts";
import { StockStore } from "./stock-store.ts";
import { StockWatchers, WatchQuery } from "./stock-watchers.ts";
import { type StockView, viewStock } from "./view-stock.ts";
import { WakeUp } from "./wake-up.ts";

/** Only reports follow stock: the sales of a moment share a send. */
const PUBLISH_DELAY_MS = 2_000;
/** Listings show at once what is sold out, or back. */
const TELL_DELAY_MS = 250;
/** After a failed send: doubles from the first to the last. Followers pull what they miss meanwhile. */
const PUBLISH_RETRY_MIN_MS = 1_000;
const PUBLISH_RETRY_MAX_MS = 60_000;

type Opened<E> = Exclude<E, { readonly code: "unopened" }>;

export class SkuStock extends RecoverableDurableObject<object> implements SkuStockApi {
  readonly #store: StockStore;
  readonly #watchers: StockWatchers;
  readonly #soldOut: SoldOutFlag;
  readonly #log = logger("sku-stock");
  readonly #wakeUp: WakeUp;
  readonly #timers = new ObjectTimers();
  #tending: Promise<void> | undefined;
  #publishFailures = 0;
  #publishNotBeforeMs = 0;

  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env);
    this.#store = new StockStore(ctx.storage.sql);
    this.#watchers = new StockWatchers({ ctx, now: () => systemClock.now(), level: () => this.#watchedLevel() });
    this.#soldOut = new SoldOutFlag(ctx.storage, env);
    this.#wakeUp = new WakeUp(ctx.storage, () => ctx.waitUntil(this.#tend()));
    if (!this.#store.opened) return;
    void ctx.blockConcurrencyWhile(async () => {
      await this.#wakeUp.restore();
      this.#arm(systemClock.now());
    });
  }

  async hold(command: HoldStock, context: CallContext, opening: Opening | null): Promise<HoldStockAnswer> {
    return this.#hold(command, context, opening);
  }

  /** Without an await in between the platform makes one durable commit of all. */
  async holdTogether(commands: readonly HoldStockAmongOthers[], opening: Opening | null): Promise<HoldTogetherAnswer> {
    return holdInTurn(commands, (command) => this.#hold(command, command.context, opening));
  }

  async commit(holdId: string, context: CallContext): Promise<Result<null, CommitStockError>> {
    return this.#change(context, null, (state, decision) => decideCommit(state, this.#store.hold(holdId), decision));
  }

  async release(holdId: string, context: CallContext, opening: Opening | null): Promise<Result<null, ReleaseStockError>> {
    return this.#change(context, opening, (state, decision) => decideRelease(state, holdId, this.#store.hold(holdId), decision));
  }

  async cancel(holdId: string, context: CallContext, opening: Opening | null): Promise<Result<null, Unopened>> {
    return this.#change(context, opening, (state, decision) => decideCancel(state, holdId, this.#store.hold(holdId), decision));
  }

  async receive(command: MoveStock, context: CallContext, opening: Opening | null): Promise<Result<null, MoveStockError>> {
    return neverShort(this.#move("received", command, context, opening));
  }

  async adjust(command: MoveStock, context: CallContext, opening: Opening | null): Promise<Result<null, AdjustStockError>> {
    return this.#move("adjusted", command, context, opening);
  }

  async restock(command: RestockStock, context: CallContext, opening: Opening | null): Promise<Result<null, MoveStockError>> {
    return this.#once("restocked", command, context, opening, (state, applied, decision) => {
      const known = this.#store.hold(command.holdId);
      if (applied === undefined && !wasSold(known)) {
        const { sku } = this.#store.account();
        logger("sku-stock", context).warn("restock_of_unknown_sale", { sku, hold_id: command.holdId, reference: command.key });
      }
      return decideRestock(state, known, command, applied, decision);
    });
  }

  async setBackorderable(backorderable: boolean, context: CallContext, opening: Opening | null): Promise<Result<null, Unopened>> {
    const changed = this.#change<null, Unopened>(context, opening, (state, decision) => {
      if (state.backorderable !== backorderable) this.#store.setBackorderable(backorderable);
      return decideTidying(state, decision);
    });
    if (changed.ok) this.#arm(systemClock.now());
    return changed;
  }

  async readLevel(): Promise<Result<StockLevel, Unopened>> {
    if (!this.#store.opened) return err({ code: "unopened" });
    const { available, backorderable } = this.#view();
    return ok({ available, backorderable });
  }

  async readReport(movementsMax: number): Promise<Result<StockReport, Unopened>> {
    if (!this.#store.opened) return err({ code: "unopened" });
    const { balances, ...totals } = this.#view();
    return ok({
      ...totals,
      locations: balances,
      movements: this.#store.movementsBefore(Number.MAX_SAFE_INTEGER, movementsMax),
    });
  }

  async listMovements(beforeSequence: number, limit: number): Promise<readonly Movement[]> {
    return this.#store.opened ? this.#store.movementsBefore(beforeSequence, limit) : [];
  }

  async readEvents(afterSequence: number, limit: number): Promise<readonly StockEvent[]> {
    return this.#store.opened ? this.#eventsAfter(afterSequence, limit) : [];
  }

  async readAccount(): Promise<Result<StockAccount, Unopened>> {
    return this.#store.opened ? ok(readAccount(this.ctx.storage.sql)) : err({ code: "unopened" });
  }

  /** Opens a socket that hears of every change; inventory asks for it, and knows what an unopened SKU has. */
  override async fetch(request: Request): Promise<Response> {
    return this.#watchers.accept(WatchQuery.parse(Object.fromEntries(new URL(request.url).searchParams)));
  }

  override webSocketMessage(socket: WebSocket): void {
    this.#watchers.refuseMessage(socket);
  }

  override async alarm(): Promise<void> {
    this.#wakeUp.forgetAlarm();
    if (!this.#store.opened) return;
    await this.#tend();
    this.#store.savePublished();
  }

  /** The timer and the alarm may ring at once. */
  #tend(): Promise<void> {
    this.#tending ??= this.#tendJournal().finally(() => (this.#tending = undefined));
    return this.#tending;
  }

  /** Tidies, publishes and arranges for the next time. A failure of either is logged and tried again, never thrown. */
  async #tendJournal(): Promise<void> {
    try {
      // Also tells the watchers what an object that went down in mid-change did not.
      this.#change(newContext(), null, decideTidying);
      await this.#publish();
      await this.#soldOut.tell(this.#store.account().sku, this.#view());
      this.#publishFailures = 0;
    } catch (error) {
      this.#publishFailures += 1;
      const delayMs = PUBLISH_RETRY_MIN_MS * 2 ** (this.#publishFailures - 1);
      this.#publishNotBeforeMs = systemClock.now() + Math.min(delayMs, PUBLISH_RETRY_MAX_MS);
      this.#log.error("publish_failed", error, { failures: this.#publishFailures });
    }
    this.#arm(systemClock.now());
  }

  #hold(command: HoldStock, context: CallContext, opening: Opening | null): HoldStockAnswer {
    return this.#change<{ readonly expiresAtMs: number }, HoldStockError>(context, opening, (state, decision) =>
      decideHold(state, this.#store.hold(command.holdId), command, decision),
    );
  }

  #move(kind: MoveKind, command: MoveStock, context: CallContext, opening: Opening | null): Result<null, AdjustStockError> {
    return this.#once(kind, command, context, opening, (state, applied, decision) =>
      decideMovement(state, kind, command, applied, decision),
    );
  }

  /** A command with a key is carried out once. */
  #once<E extends MoveStockError | AdjustStockError>(
    kind: MoveKind,
    command: MoveStock,
    context: CallContext,
    opening: Opening | null,
    decide: (state: StockState, applied: string | undefined, context: DecisionContext) => Decision<null, Opened<E>>,
  ): Result<null, E | Unopened> {
    return this.#change<null, E>(context, opening, (state, decision) => {
      const applied = this.#store.appliedFingerprint(kind, command.key);
      const decided = decide(state, applied, decision);
      if (decided.result.ok && applied === undefined) this.#store.rememberKey(kind, command.key, fingerprintOf(command));
      return decided;
    });
  }

  /** Loads, decides and writes in one transaction, with the alarm. There is no await between the read and the write. */
  #change<T, E extends { readonly code: string }>(
    context: CallContext,
    opening: Opening | null,
    decide: (state: StockState, context: DecisionContext) => Decision<T, Opened<E>>,
  ): Result<T, E | Unopened> {
    const decisionContext = { nowMs: systemClock.now(), traceparent: context.traceparent };
    try {
      const answer = this.ctx.storage.transactionSync(() => {
        if (!this.#store.opened && opening === null) return err({ code: "unopened" });
        const opens = !this.#store.opened && opening !== null;
        if (opens) this.#store.open(opening, decideOpening(opening, decisionContext));
        if (opens) this.#soldOut.opened(opening);
        const state = this.#store.load(decisionContext.nowMs);
        const { changes, result } = decide(state, decisionContext);
        this.#store.save(changes, state.backordered);
        const last = changes.movements.at(-1);
        if (opens || last !== undefined) this.#wakeUp.soon(this.#dueMs(decisionContext.nowMs, state.backorderable, last));
        return result;
      });
      this.#watchers.noteChange();
      return answer;
    } catch (error) {
      this.#store.refresh();
      this.#wakeUp.forgetAlarm();
      throw error;
    }
  }

  #view(): StockView {
    const nowMs = systemClock.now();
    return viewStock(this.#store.load(nowMs), nowMs);
  }

  #watchedLevel() {
    return this.#store.opened ? { sku: this.#store.account().sku, ...this.#view() } : undefined;
  }

  #eventsAfter(afterSequence: number, limit: number): StockEvent[] {
    const { sku } = this.#store.account();
    return this.#store.movementsAfter(afterSequence, limit).map((movement) => stockEventOf(sku, movement));
  }

  async #publish(): Promise<void> {
    await publishMovements(
      {
        queues: stockQueues(this.env),
        later: this.#timers.later,
        read: (afterSequence, limit) => this.#eventsAfter(afterSequence, limit),
        markPublished: (sequence) => this.#store.setPublished(sequence),
      },
      this.#store.account().publishedSequence,
    );
  }

  #dueMs(nowMs: number, backorderable: boolean, last: Movement | undefined): number {
    const tells = last !== undefined && this.#soldOut.isDue({ available: last.availableAfter, backorderable });
    return this.#notBefore(nowMs + (tells ? TELL_DELAY_MS : PUBLISH_DELAY_MS));
  }

  /** After a failure its retry has its own time. */
  #notBefore(atMs: number): number {
    return Math.max(atMs, this.#publishNotBeforeMs);
  }

  /** For the next publication, and for the next end of a hold. */
  #arm(nowMs: number): void {
    const unpublished = this.#store.lastSequence() > this.#store.account().publishedSequence;
    if (unpublished || this.#soldOut.isDue(this.#view())) this.#wakeUp.soon(this.#notBefore(nowMs + TELL_DELAY_MS));
    const nextEndMs = this.#store.nextEndMs();
    if (nextEndMs !== undefined) this.#wakeUp.at(nextEndMs);
  }
}
