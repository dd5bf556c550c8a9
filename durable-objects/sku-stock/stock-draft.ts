/**
 * A working copy of one SKU's stock that a decision changes step by step; each step writes the journal. Mutable inside one
 * decision, pure seen from outside: same state and commands, same changes.
 */
import type { MovementKind } from "../../queues/contracts/stock-events.ts";
import { DEFAULT_LOCATION } from "../../workers/inventory/contract.ts";
import type { Movement } from "./contract.ts";
import type { Balance, DecisionContext, Hold, StockChanges, StockState } from "./stock-state.ts";

/** One step: how balances change and what the journal says about it. */
interface Step {
  readonly kind: MovementKind;
  readonly location: string;
  /** What the journal shows. */
  readonly quantity: number;
  readonly onHandDelta: number;
  readonly heldDelta: number;
  readonly reference: string;
  readonly resolvesHold?: boolean;
}

/** The default location first, then by name: allocation is deterministic. */
export function compareLocations(left: string, right: string): number {
  if (left === right) return 0;
  if (left === DEFAULT_LOCATION) return -1;
  if (right === DEFAULT_LOCATION) return 1;
  return left < right ? -1 : 1;
}

export class StockDraft {
  readonly context: DecisionContext;
  readonly backorderable: boolean;
  readonly #state: StockState;
  readonly #balances: Map<string, Balance>;
  readonly #changedBalances = new Set<string>();
  readonly #changedHolds = new Map<string, Hold>();
  readonly #movements: Movement[] = [];
  #backordered: number;

  constructor(state: StockState, context: DecisionContext) {
    this.context = context;
    this.backorderable = state.backorderable;
    this.#state = state;
    this.#backordered = state.backordered;
    this.#balances = new Map(state.balances.map((balance) => [balance.location, balance]));
  }

  get dueHolds(): readonly Hold[] {
    return this.#state.dueHolds;
  }

  get backordered(): number {
    return this.#backordered;
  }

  get nextSequence(): number {
    return this.#state.lastSequence + this.#movements.length + 1;
  }

  /** Units that can be held now, over all locations. */
  get available(): number {
    let available = 0;
    for (const balance of this.#balances.values()) available += balance.onHand - balance.held;
    return available;
  }

  /** In the order of allocation. */
  get balances(): readonly Balance[] {
    return [...this.#balances.values()].sort((left, right) => compareLocations(left.location, right.location));
  }

  availableAt(location: string): number {
    const balance = this.#balances.get(location);
    return balance === undefined ? 0 : balance.onHand - balance.held;
  }

  /** Where units go when nobody says where: the default location if the SKU is kept there. */
  get homeLocation(): string {
    return this.locations[0] ?? DEFAULT_LOCATION;
  }

  get locations(): readonly string[] {
    return this.balances.map((balance) => balance.location);
  }

  /** The hold as this decision has left it so far. */
  current(hold: Hold): Hold {
    return this.#changedHolds.get(hold.id) ?? hold;
  }

  /** Holds that are owed units, oldest first, as this decision has left them so far. */
  *owedHolds(): Iterable<Hold> {
    for (const hold of this.#state.owedHolds) {
      const current = this.current(hold);
      if (current.backordered > 0) yield current;
    }
  }

  /** Replaces a hold; what it is owed moves the SKU's count of owed units. */
  putHold(before: Hold | undefined, after: Hold): void {
    this.#backordered += after.backordered - (before?.backordered ?? 0);
    this.#changedHolds.set(after.id, after);
  }

  /** @throws when the step would break on hand ≥ held ≥ 0: a bug, never a caller's mistake. */
  move(step: Step): void {
    const before = this.#balances.get(step.location) ?? { location: step.location, onHand: 0, held: 0 };
    const onHand = before.onHand + step.onHandDelta;
    const held = before.held + step.heldDelta;
    if (held < 0 || onHand < held)
      throw new Error(`${step.kind} of ${step.quantity} would leave ${onHand} on hand, ${held} held`);
    const sequence = this.nextSequence;
    this.#balances.set(step.location, { location: step.location, onHand, held });
    this.#changedBalances.add(step.location);
    this.#movements.push({
      sequence,
      atMs: this.context.nowMs,
      kind: step.kind,
      location: step.location,
      quantity: step.quantity,
      reference: step.reference,
      resolvesHold: step.resolvesHold ?? false,
      onHandAfter: onHand,
      heldAfter: held,
      backorderedAfter: this.#backordered,
      availableAfter: this.available,
      traceparent: this.context.traceparent,
    });
  }

  changes(): StockChanges {
    return {
      balances: [...this.#balances.values()].filter((balance) => this.#changedBalances.has(balance.location)),
      holds: [...this.#changedHolds.values()],
      movements: this.#movements,
      backordered: this.#backordered,
    };
  }
}
