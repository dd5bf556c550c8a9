/**
 * The checkout command: the key's protocol and the frozen order in one transaction, then the saga for as long as a
 * shopper waits. What is not finished by then goes on in the background and answers the key later.
 */
import { issueCapabilityToken } from "../../workers/shared/capability-token.ts";
import type { Clock } from "../../workers/shared/clock.ts";
import { newId, type Partition } from "../../workers/shared/identifiers.ts";
import { type Later, within } from "../../workers/shared/later.ts";
import { type CallContext, logger } from "../../workers/shared/telemetry.ts";
import { replayAnswer, type StoredCheckout, storeAnswer } from "./checkout-answer.ts";
import type { Cart, CheckoutAnswer, CheckoutCommand } from "./contract.ts";
import { onTimeline, submittedEvent } from "./order-facts.ts";
import { type OrderRecord, RUN_LEASE_MS, viewOrder } from "./order-record.ts";
import type { OrderRunner } from "./run-order.ts";
import { answerOf } from "./settle-order.ts";
import { decideKey, type NewOrder, startCheckout } from "./start-checkout.ts";
import type { PartitionStore } from "./store.ts";

/** How long one request waits for the saga; the gateway's own deadline is longer. */
const SHOPPER_WAIT_MAX_MS = 20_000;

export interface CheckoutDependencies {
  readonly store: PartitionStore;
  readonly runner: OrderRunner;
  readonly clock: Clock;
  readonly later: Later;
  readonly partition: Partition;
  readonly holdMs: number;
  readonly capabilitySecret: string;
  /** What a cart is that is not kept. */
  readonly emptyCart: (cartId: string) => Cart;
  readonly arm: (atMs: number) => void;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly publish: () => void;
}

type Begun = { readonly kind: "answered"; readonly answer: CheckoutAnswer } | { readonly kind: "run"; readonly orderId: string };

export async function checkout(
  deps: CheckoutDependencies,
  command: CheckoutCommand,
  context: CallContext,
): Promise<CheckoutAnswer> {
  const fresh = await nameOrder(deps, command.returnUrl);
  const begun = deps.store.transaction(() => begin(deps, command, fresh, context));
  if (begun.kind === "answered") return begun.answer;
  deps.arm(deps.clock.now() + RUN_LEASE_MS);
  const run = runOrder(deps, begun.orderId, context);
  deps.waitUntil(run);
  const record = await within(deps.later, SHOPPER_WAIT_MAX_MS, () => run);
  const answer = record === undefined ? undefined : answerOf(record);
  return answer ?? { ok: false, error: { code: "checkout_pending", orderId: begun.orderId } };
}

/** The order's id and token are made before anything is read: nothing awaits between a read and its write. */
async function nameOrder(deps: CheckoutDependencies, returnUrl: string): Promise<NewOrder> {
  const orderId = newId("ord", deps.clock.now(), deps.partition);
  const token = await issueCapabilityToken(deps.capabilitySecret, orderId);
  const filled = returnUrl
    .replaceAll("{order_id}", orderId)
    .replaceAll("{order_token}", token)
    .replaceAll("%7Border_id%7D", orderId)
    .replaceAll("%7Border_token%7D", token);
  return { orderId, returnUrl: filled, holdMs: deps.holdMs };
}

function begin(deps: CheckoutDependencies, command: CheckoutCommand, fresh: NewOrder, context: CallContext): Begun {
  const { store, runner, clock } = deps;
  const { cartId, idempotencyKey, bodySha256 } = command;
  const nowMs = clock.now();
  const key = store.readKey(cartId, idempotencyKey);
  const running = key?.orderId != null && runner.isRunning(key.orderId);
  const decision = decideKey(key, bodySha256, nowMs, running);
  switch (decision.kind) {
    case "refuse":
      return answered({ ok: false, error: decision.error });
    case "replay":
      return answered(replay(store, decision.body, decision.orderId));
    case "attach":
      return { kind: "run", orderId: decision.orderId };
    case "start":
      return start(deps, command, fresh, nowMs, context);
  }
}

function start(
  deps: CheckoutDependencies,
  command: CheckoutCommand,
  fresh: NewOrder,
  nowMs: number,
  context: CallContext,
): Begun {
  const { store } = deps;
  const { cartId, idempotencyKey, bodySha256 } = command;
  const cart = store.readCart(cartId) ?? deps.emptyCart(cartId);
  const decision = startCheckout(cart, command, fresh, nowMs);
  if (decision.kind === "refuse") return answered({ ok: false, error: decision.error });
  store.updateCart(cart, decision.cart);
  if (decision.kind === "price_changed") {
    const answer: CheckoutAnswer = { ok: false, error: decision.error };
    store.writeKey(cartId, idempotencyKey, bodySha256, nowMs, storeAnswer(answer));
    return answered(answer);
  }
  const events = [submittedEvent(decision.order)];
  const order = onTimeline(decision.order, events, nowMs);
  store.insertOrder(order, nowMs);
  store.writeKey(cartId, idempotencyKey, bodySha256, nowMs, { orderId: order.id });
  store.log.append(events, nowMs, context.traceparent);
  return { kind: "run", orderId: order.id };
}

function answered(answer: CheckoutAnswer): Begun {
  return { kind: "answered", answer };
}

function replay(store: PartitionStore, body: string, orderId: string | null): CheckoutAnswer {
  const stored = JSON.parse(body) as StoredCheckout;
  const order = orderId === null || !stored.ok ? undefined : store.readOrder(orderId);
  return replayAnswer(stored, order === undefined ? undefined : viewOrder(order));
}

/** Undefined when the run broke; the row and the alarm have it. */
async function runOrder(deps: CheckoutDependencies, orderId: string, context: CallContext): Promise<OrderRecord | undefined> {
  try {
    return await deps.runner.exclusively(orderId, async () => {
      const found = deps.store.readOrder(orderId);
      return found === undefined ? undefined : await deps.runner.run(found, false, context);
    });
  } catch (error) {
    logger("orders", context).error("checkout_run_failed", error, { order_id: orderId });
    return undefined;
  } finally {
    deps.publish();
  }
}
