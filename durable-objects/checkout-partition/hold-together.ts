/**
 * Holds of this partition's orders that want one and the same SKU share calls to inventory: the SKU's object serves a
 * crowd with few calls and commits. Every hold keeps its own answer, id and trace. Carts of several SKUs go at once and
 * alone, because one answer for all would make them wait for the slowest of their SKUs.
 */
import { HOLDS_TOGETHER_MAX, type HoldCommand, type InventoryApi } from "../../workers/inventory/contract.ts";
import { type PeerCalls, type PeerPolicy, peerCalls, type Unavailable } from "../../workers/shared/call-peer.ts";
import type { Later } from "../../workers/shared/later.ts";
import { err } from "../../workers/shared/result.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import { inSpan, outsideSpans } from "../../workers/shared/trace.ts";
import { Gathering } from "./gathering.ts";
import type { SagaAnswer } from "./saga-state.ts";

/** Every call is idempotent by its id. What the retries do not mend, the alarm does. */
export const INVENTORY_POLICY: PeerPolicy = { service: "inventory", deadlineMs: 5_000, retries: 1 };
/** Two tries as well: the first together, the second each for itself, so that nobody's failure is another's. */
const ONE_TRY: PeerPolicy = { ...INVENTORY_POLICY, retries: 0 };

/** A call is answered in milliseconds, or after a journey around the world; what takes longer is not worth waiting for. */
const PATIENCE_MS = 1_000;
/** More than ten full calls ahead: whoever comes now would wait for seconds. The alarm asks again. */
const WAITING_MAX = 10 * HOLDS_TOGETHER_MAX;
const CROWDED: Unavailable = {
  code: "unavailable",
  service: INVENTORY_POLICY.service,
  reason: "overloaded",
  message: "Too many orders of this partition wait for the same SKU.",
};

type HoldAnswer = Extract<SagaAnswer, { readonly call: "hold" }>["result"];
type Inventory = Pick<InventoryApi, "hold" | "holdTogether">;

interface Asked {
  readonly command: HoldCommand;
  readonly context: CallContext;
}

export class Holds {
  readonly #inventory: () => Inventory;
  readonly #callPeer: PeerCalls["callPeer"];
  readonly #gathering: Gathering<Asked, HoldAnswer>;

  /** @param inventory read at each call */
  constructor(inventory: () => Inventory, later: Later) {
    this.#inventory = inventory;
    this.#callPeer = peerCalls(later).callPeer;
    const limits = { batchMax: HOLDS_TOGETHER_MAX, waitingMax: WAITING_MAX, patienceMs: PATIENCE_MS };
    const send = (sku: string, asked: readonly Asked[]) => this.#send(sku, asked);
    this.#gathering = new Gathering({ send, refuse: () => err(CROWDED), later }, limits);
  }

  async hold(command: HoldCommand, context: CallContext): Promise<HoldAnswer> {
    const [line, ...others] = command.lines;
    if (line === undefined || others.length > 0) return await this.#alone(INVENTORY_POLICY, { command, context });
    return await inSpan("rpc", "hold", () => this.#gathering.ask(line.sku, { command, context }));
  }

  async #send(sku: string, asked: readonly Asked[]): Promise<readonly HoldAnswer[]> {
    const [first, ...others] = asked;
    if (first !== undefined && others.length === 0) return [await this.#alone(INVENTORY_POLICY, first)];
    const holds = asked.map(({ command: { holdId, lines, expiresAtMs }, context }) => ({
      holdId,
      quantity: lines[0]?.quantity ?? 0,
      expiresAtMs,
      context,
    }));
    const together = await outsideSpans(() => this.#callPeer(ONE_TRY, () => this.#inventory().holdTogether({ sku, holds })));
    if (together.ok) return together.value;
    const { error } = together;
    // More calls would not help there; after a lost answer the hold's id finds what became of it.
    if (error.reason === "overloaded" || error.reason === "circuit_open") return asked.map(() => err(error));
    return await Promise.all(asked.map((each) => this.#alone(ONE_TRY, each)));
  }

  #alone(policy: PeerPolicy, { command, context }: Asked): Promise<HoldAnswer> {
    return this.#callPeer(policy, () => this.#inventory().hold(command, context));
  }
}
