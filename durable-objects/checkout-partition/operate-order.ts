/** What operators do to an order: refund, cancel, ship, complete; and the nudge after a payment. One at a time per order. */
import type { Order, OrderUnknown } from "../../workers/orders/contract.ts";
import type { Unavailable } from "../../workers/shared/call-peer.ts";
import type { Clock } from "../../workers/shared/clock.ts";
import { newId, type Partition } from "../../workers/shared/identifiers.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import type { CallContext } from "../../workers/shared/telemetry.ts";
import { addRefund } from "./advance-refund.ts";
import type { CancelError, RefundError, RefundOrder, ShipError, ShipOrder } from "./contract.ts";
import { hasEnded, type OrderRecord, pendingRefunds, viewOrder } from "./order-record.ts";
import { decideRefund } from "./refund-order.ts";
import type { OrderRunner } from "./run-order.ts";
import { abortSaga } from "./saga.ts";
import type { Failure } from "./saga-state.ts";
import { completeOrder, type OrderChange, shipOrder } from "./ship-order.ts";
import type { PartitionStore } from "./store.ts";

export interface OperateDependencies {
  readonly store: PartitionStore;
  readonly runner: OrderRunner;
  readonly clock: Clock;
  readonly partition: Partition;
}

const ABANDONED: Failure = {
  code: "payment_declined",
  declineCode: "abandoned",
  message: "The payment was given up for another way to pay.",
};

type NotCompletable = { readonly code: "not_completable"; readonly status: string };

/** The order is found, changed and answered without anybody between. */
async function withOrder<E extends { readonly code: string }>(
  deps: OperateDependencies,
  orderId: string,
  work: (record: OrderRecord) => Promise<Result<OrderRecord, E>>,
): Promise<Result<Order, E | OrderUnknown>> {
  return await deps.runner.exclusively(orderId, async () => {
    const record = deps.store.readOrder(orderId);
    if (record === undefined) return err({ code: "order_unknown" });
    const done = await work(record);
    return done.ok ? ok(viewOrder(done.value)) : done;
  });
}

export async function resumePayment(
  deps: OperateDependencies,
  orderId: string,
  context: CallContext,
): Promise<Result<Order, OrderUnknown>> {
  return await withOrder(deps, orderId, async (record) =>
    ok(hasEnded(record) ? record : await deps.runner.run(record, true, context)),
  );
}

/** The provider's truth goes first: what was paid a moment ago is placed, and stays. */
export async function abandonPayment(
  deps: OperateDependencies,
  orderId: string,
  context: CallContext,
): Promise<Result<Order, OrderUnknown>> {
  return await withOrder(deps, orderId, async (found) => {
    const record = hasEnded(found) ? found : await deps.runner.run(found, true, context);
    const aborted = record.status === "awaiting_payment" ? abortSaga(record.saga, ABANDONED) : undefined;
    if (aborted === undefined || record.saga.failure !== null) return ok(record);
    return ok(await deps.runner.run(deps.runner.writeSaga(record, { ...aborted, waitUntilMs: null }, context), false, context));
  });
}

/** The alarm's visit: only what is due. */
export async function runDueOrder(deps: OperateDependencies, orderId: string, context: CallContext): Promise<void> {
  await withOrder(deps, orderId, async (record) => ok(await deps.runner.run(record, false, context)));
}

export async function refundOrder(
  deps: OperateDependencies,
  command: RefundOrder,
  context: CallContext,
): Promise<Result<Order, RefundError>> {
  return await withOrder<RefundError>(deps, command.orderId, async (found) => {
    const nowMs = deps.clock.now();
    const decided = decideRefund(found, command, newId("rfnd", nowMs, deps.partition), nowMs);
    if (!decided.ok) return decided;
    const isNew = !found.refunds.some((refund) => refund.id === decided.value.id);
    const reserved = isNew ? deps.runner.write({ record: addRefund(found, decided.value), events: [] }, context) : found;
    const record = await deps.runner.run(reserved, false, context);
    const refund = record.refunds.find((candidate) => candidate.id === decided.value.id);
    if (refund?.step === "refused") return err({ code: "not_refundable", message: refund.refusal ?? "The provider refused." });
    if (refund?.step === "paying") return err(notAnswering("payments"));
    return ok(record);
  });
}

export async function cancelOrder(
  deps: OperateDependencies,
  orderId: string,
  reason: string,
  context: CallContext,
): Promise<Result<Order, CancelError>> {
  return await withOrder<CancelError>(deps, orderId, async (found) => {
    if (found.status === "cancelled") return ok(found);
    const record = found.saga.step === "ended" ? found : await stopSaga(deps, found, reason, context);
    if (record.status === "placed" && record.saga.step === "ended") return await cancelPlacedOrder(deps, record, reason, context);
    if (record.status === "cancelled") return ok(record);
    if (!hasEnded(record)) return err(notAnswering("payments"));
    return err({ code: "not_cancellable", status: record.status });
  });
}

/** Before payment: backwards. While stock is being committed: to its end, and from there by refund. */
async function stopSaga(
  deps: OperateDependencies,
  found: OrderRecord,
  reason: string,
  context: CallContext,
): Promise<OrderRecord> {
  const aborted = abortSaga(found.saga, { code: "cancelled", reason });
  const stopping =
    aborted === undefined
      ? deps.runner.write({ record: { ...found, cancelRequested: reason }, events: [] }, context)
      : deps.runner.writeSaga(found, { ...aborted, waitUntilMs: null }, context);
  return await deps.runner.run(stopping, false, context);
}

async function cancelPlacedOrder(
  deps: OperateDependencies,
  found: OrderRecord,
  reason: string,
  context: CallContext,
): Promise<Result<OrderRecord, CancelError>> {
  let record = await deps.runner.run(found, false, context);
  if (pendingRefunds(record).length > 0) return err(notAnswering("payments"));
  if (record.status === "placed") {
    record = await deps.runner.run(deps.runner.startCancellation(record, reason, context), false, context);
  }
  if (record.status === "cancelled") return ok(record);
  return pendingRefunds(record).length > 0
    ? err(notAnswering("payments"))
    : err({ code: "not_cancellable", status: record.status });
}

export async function ship(
  deps: OperateDependencies,
  command: ShipOrder,
  context: CallContext,
): Promise<Result<Order, ShipError>> {
  return await withOrder<ShipError>(deps, command.orderId, async (record) => {
    const nowMs = deps.clock.now();
    return writeChange(deps, record, shipOrder(record, command, newId("shp", nowMs, deps.partition), nowMs), context);
  });
}

export async function complete(
  deps: OperateDependencies,
  orderId: string,
  context: CallContext,
): Promise<Result<Order, OrderUnknown | NotCompletable>> {
  return await withOrder<NotCompletable>(deps, orderId, async (record) =>
    writeChange(deps, record, completeOrder(record, deps.clock.now()), context),
  );
}

/** A change without events happened before. */
function writeChange<E extends { readonly code: string }>(
  deps: OperateDependencies,
  before: OrderRecord,
  change: Result<OrderChange, E>,
  context: CallContext,
): Result<OrderRecord, E> {
  if (!change.ok) return change;
  return ok(change.value.events.length === 0 ? before : deps.runner.write(change.value, context));
}

/** It is written and goes on by itself; asking again attaches to it. */
function notAnswering(service: string): Unavailable {
  return { code: "unavailable", service, reason: "failed", message: `${service} does not answer; it is tried again by itself.` };
}
