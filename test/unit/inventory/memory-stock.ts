/** Runs the decisions of one SKU against plain memory, as the object runs them against its tables. */
import type { Movement, MoveStock, Opening, RestockStock } from "../../../durable-objects/sku-stock/contract.ts";
import { decideHold } from "../../../durable-objects/sku-stock/decide-hold.ts";
import {
  decideMovement,
  decideOpening,
  fingerprintOf,
  type MoveKind,
} from "../../../durable-objects/sku-stock/decide-movement.ts";
import { decideCancel, decideCommit, decideRelease } from "../../../durable-objects/sku-stock/decide-resolution.ts";
import { decideRestock } from "../../../durable-objects/sku-stock/decide-restock.ts";
import { compareLocations } from "../../../durable-objects/sku-stock/stock-draft.ts";
import type { Balance, Decision, Hold, StockChanges, StockState } from "../../../durable-objects/sku-stock/stock-state.ts";
import { type StockView, viewStock } from "../../../durable-objects/sku-stock/view-stock.ts";

export class MemoryStock {
  readonly holds = new Map<string, Hold>();
  readonly movements: Movement[] = [];
  readonly #balances = new Map<string, Balance>();
  readonly #applied = new Map<string, string>();
  readonly #backorderable: boolean;
  backordered = 0;
  nowMs = 1_000_000;

  constructor(opening: Omit<Opening, "sku">) {
    this.#backorderable = opening.backorderable;
    this.#save(decideOpening({ sku: "SKU", ...opening }, this.#context));
  }

  get balances(): Balance[] {
    return [...this.#balances.values()].sort((a, b) => compareLocations(a.location, b.location));
  }

  hold(holdId: string, quantity: number, expiresAtMs = this.nowMs + 900_000) {
    return this.#run(decideHold(this.#load(), this.holds.get(holdId), { holdId, quantity, expiresAtMs }, this.#context));
  }

  commit(holdId: string) {
    return this.#run(decideCommit(this.#load(), this.holds.get(holdId), this.#context));
  }

  release(holdId: string) {
    return this.#run(decideRelease(this.#load(), holdId, this.holds.get(holdId), this.#context));
  }

  cancel(holdId: string) {
    return this.#run(decideCancel(this.#load(), holdId, this.holds.get(holdId), this.#context));
  }

  move(kind: MoveKind, quantity: number, options: Partial<MoveStock> = {}) {
    const command = { key: crypto.randomUUID(), location: null, reference: null, quantity, ...options };
    const applied = this.#applied.get(`${kind} ${command.key}`);
    const decided = this.#run(decideMovement(this.#load(), kind, command, applied, this.#context));
    if (decided.ok && applied === undefined) this.#applied.set(`${kind} ${command.key}`, fingerprintOf(command));
    return decided;
  }

  restock(command: RestockStock) {
    const applied = this.#applied.get(`restocked ${command.key}`);
    const known = this.holds.get(command.holdId);
    const decided = this.#run(decideRestock(this.#load(), known, command, applied, this.#context));
    if (decided.ok && applied === undefined) this.#applied.set(`restocked ${command.key}`, fingerprintOf(command));
    return decided;
  }

  view(): StockView {
    return viewStock(this.#load(), this.nowMs);
  }

  get #context() {
    return { nowMs: this.nowMs, traceparent: "trace" };
  }

  #load(): StockState {
    const holds = [...this.holds.values()];
    return {
      backorderable: this.#backorderable,
      backordered: this.backordered,
      lastSequence: this.movements.length,
      balances: this.balances,
      dueHolds: holds.filter((hold) => hold.state === "held" && hold.expiresAtMs <= this.nowMs),
      owedHolds: holds.filter((hold) => hold.backordered > 0).sort((a, b) => a.sequence - b.sequence),
    };
  }

  #run<T, E extends { readonly code: string }>(decision: Decision<T, E>): Decision<T, E>["result"] {
    this.#save(decision.changes);
    return decision.result;
  }

  #save(changes: StockChanges): void {
    for (const balance of changes.balances) this.#balances.set(balance.location, balance);
    for (const hold of changes.holds) this.holds.set(hold.id, hold);
    this.movements.push(...changes.movements);
    this.backordered = changes.backordered;
  }
}
