/**
 * Runs what an order has pending: its checkout saga, a cancellation, refunds. One run of an order at a time; every step
 * is written before the next is tried, so that a run which dies anywhere is taken up from the row.
 */
import { type PeerCalls, peerCalls } from "../../workers/shared/call-peer.ts";
import type { Clock } from "../../workers/shared/clock.ts";
import { newId, type Partition } from "../../workers/shared/identifiers.ts";
import type { Later } from "../../workers/shared/later.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import { addRefund, refundPaid, refundRefused, refundRestocked, refundWaits } from "./advance-refund.ts";
import { cartExpiresAtMs } from "./change-cart.ts";
import { storeAnswer } from "./checkout-answer.ts";
import type { Cart } from "./contract.ts";
import type { PartitionEnv } from "./env.ts";
import { Exclusive } from "./exclusive.ts";
import { Holds, INVENTORY_POLICY } from "./hold-together.ts";
import { dueAtMs, factsOf, type OrderRecord, orderNumber, pendingRefunds, type RefundRecord } from "./order-record.ts";
import { PAYMENTS_POLICY, performCall } from "./perform-call.ts";
import { cancelPlaced } from "./refund-order.ts";
import { advanceSaga, callOf, mustWrite, wakeSaga } from "./saga.ts";
import { holdIdOf, type Saga } from "./saga-state.ts";
import { answerOf, needsNumber, settleOrder } from "./settle-order.ts";
import type { OrderChange } from "./ship-order.ts";
import type { PartitionStore } from "./store.ts";

export interface RunnerDependencies {
  readonly store: PartitionStore;
  readonly partition: Partition;
  readonly clock: Clock;
  readonly later: Later;
  /** Read at each call. */
  readonly peers: () => Pick<PartitionEnv, "INVENTORY" | "PAYMENTS">;
  /** Makes sure that the alarm rings by then. */
  readonly arm: (atMs: number) => void;
}

export class OrderRunner {
  readonly #deps: RunnerDependencies;
  readonly #exclusive = new Exclusive();
  readonly #holds: Holds;
  readonly #calls: PeerCalls;

  constructor(deps: RunnerDependencies) {
    this.#deps = deps;
    this.#holds = new Holds(() => deps.peers().INVENTORY, deps.later);
    this.#calls = peerCalls(deps.later);
  }

  isRunning(orderId: string): boolean {
    return this.#exclusive.isBusy(orderId);
  }

  /** Nothing else changes the order while `work` runs. */
  async exclusively<T>(orderId: string, work: () => Promise<T>): Promise<T> {
    return await this.#exclusive.run(orderId, work);
  }

  /**
   * Takes the order as far as it gets now. Call it within `exclusively`.
   * @param nudged the payment is said to have changed: look at the provider even though nothing is due.
   */
  async run(found: OrderRecord, nudged: boolean, context: CallContext): Promise<OrderRecord> {
    let record = await this.#runSaga(found, nudged, context);
    if (record.saga.step !== "ended") return record;
    if (record.cancelRequested !== null) record = this.startCancellation(record, record.cancelRequested, context);
    for (const { id } of pendingRefunds(record)) record = await this.#runRefund(record, id, context);
    return record;
  }

  startCancellation(record: OrderRecord, reason: string, context: CallContext): OrderRecord {
    const nowMs = this.#deps.clock.now();
    const refund = cancelPlaced(record, reason, newId("rfnd", nowMs, this.#deps.partition), nowMs);
    return this.write({ record: { ...addRefund(record, refund), cancelRequested: null }, events: [] }, context);
  }

  /** Writes a change of the order with its events. */
  write(change: OrderChange, context: CallContext): OrderRecord {
    const { store, clock } = this.#deps;
    const nowMs = clock.now();
    return this.#armFor(
      store.transaction(() => {
        store.log.append(change.events, nowMs, context.traceparent);
        return store.updateOrder({ ...change.record, updatedAtMs: nowMs }, nowMs);
      }),
      nowMs,
    );
  }

  /** Writes a step of the saga with everything that it means: number, events, cart, the key's answer. */
  writeSaga(before: OrderRecord, saga: Saga, context: CallContext): OrderRecord {
    const { store, clock, partition } = this.#deps;
    const nowMs = clock.now();
    const stored = store.transaction(() => {
      const sequence = needsNumber(before, saga) ? store.nextNumber(nowMs) : null;
      const number = sequence === null ? "" : orderNumber(nowMs, partition, sequence);
      const { record, events, cartState } = settleOrder(before, saga, number, nowMs);
      const written = store.updateOrder(record, nowMs);
      if (sequence !== null) store.takeNumber(record.id, nowMs, sequence);
      if (cartState !== null) this.#moveCart(record, cartState, nowMs);
      store.log.append(events, nowMs, context.traceparent);
      this.#answerKey(written);
      return written;
    });
    return this.#armFor(stored, nowMs);
  }

  async #runSaga(found: OrderRecord, nudged: boolean, context: CallContext): Promise<OrderRecord> {
    const { clock, peers } = this.#deps;
    let record = found;
    let saga = wakeSaga(found.saga, factsOf(found), clock.now(), nudged);
    while (record.saga.step !== "ended") {
      if (mustWrite(record.saga, saga)) record = this.writeSaga(record, saga, context);
      const call = saga.waitUntilMs === null ? callOf(saga, factsOf(record)) : null;
      if (call === null) return record;
      const answer = await performCall(peers(), this.#calls, this.#holds, call, context);
      saga = advanceSaga(saga, factsOf(record), answer, clock.now());
    }
    return record;
  }

  async #runRefund(found: OrderRecord, refundId: string, context: CallContext): Promise<OrderRecord> {
    let record = found;
    for (;;) {
      const refund = record.refunds.find(({ id }) => id === refundId);
      if (refund === undefined || refund.step === "done" || refund.step === "refused") return record;
      const change =
        refund.step === "paying" ? await this.#payBack(record, refund, context) : await this.#putBack(record, refund, context);
      record = this.write(change, context);
      const after = record.refunds.find(({ id }) => id === refundId);
      if (after !== undefined && after.waitUntilMs !== null) return record;
    }
  }

  async #payBack(record: OrderRecord, refund: RefundRecord, context: CallContext): Promise<OrderChange> {
    const { clock, peers } = this.#deps;
    const paymentId = record.saga.payment?.id;
    if (refund.amountMinor === 0 || paymentId === undefined) return refundPaid(record, refund, clock.now());
    const { id, amountMinor } = refund;
    const command = { orderId: record.id, paymentId, refundId: id, amountMinor };
    const answer = await this.#calls.callPeer(PAYMENTS_POLICY, () => peers().PAYMENTS.refund(command, context));
    if (answer.ok) return refundPaid(record, refund, clock.now());
    switch (answer.error.code) {
      case "not_refundable":
        return refundRefused(record, refund, answer.error.message);
      case "payment_unknown":
        return refundRefused(record, refund, "The provider does not know the payment.");
      case "provider_unavailable":
      case "unavailable":
        return refundWaits(record, refund, clock.now());
    }
  }

  async #putBack(record: OrderRecord, refund: RefundRecord, context: CallContext): Promise<OrderChange> {
    const { clock, peers } = this.#deps;
    const holdId = holdIdOf(record.id, record.saga.attempt);
    const command = { reference: refund.id, holdId, lines: [...refund.restock] };
    const answer = await this.#calls.callPeer(INVENTORY_POLICY, () => peers().INVENTORY.restock(command, context));
    const settled = answer.ok || answer.error.code === "unknown_sku";
    return settled ? refundRestocked(record, refund, clock.now()) : refundWaits(record, refund, clock.now());
  }

  #moveCart(record: OrderRecord, state: Cart["state"], nowMs: number): void {
    const cart = this.#deps.store.readCart(record.cartId);
    if (cart === undefined || cart.orderId !== record.id) return;
    const reopened = { ...cart, state, orderId: null, expiresAtMs: cartExpiresAtMs(nowMs) };
    this.#deps.store.updateCart(cart, state === "open" ? reopened : { ...cart, state });
  }

  #answerKey(record: OrderRecord): void {
    const answer = answerOf(record);
    if (answer === undefined) return;
    if (record.saga.failure?.code === "timed_out" && record.saga.step === "ended") this.#deps.store.freeKey(record);
    else this.#deps.store.answerKey(record, storeAnswer(answer));
  }

  #armFor(record: OrderRecord, nowMs: number): OrderRecord {
    const due = dueAtMs(record, nowMs);
    if (due !== null) this.#deps.arm(due);
    return record;
  }
}
