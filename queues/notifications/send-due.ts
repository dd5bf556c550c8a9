/**
 * Sends what the outbox holds due: reads the order as it is now, renders, delivers, marks. One row that fails holds up no
 * other. Between a delivery and its mark lies the only moment in which a crash repeats a message.
 */
import type { OrderForMessage, OrdersApi } from "../../workers/orders/contract.ts";
import { guarded } from "../../workers/shared/call-peer.ts";
import type { EpochMs } from "../../workers/shared/clock.ts";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import { type CallContext, type Logger, newContext } from "../../workers/shared/telemetry.ts";
import type { DeliveryError, NotificationChannelSender, Recipient, RenderedMessage } from "./channels/channel-sender.ts";
import { NotificationDetails } from "./decide-notifications.ts";
import {
  ATTEMPTS_MAX,
  type Attempt,
  type ClaimedNotification,
  claimDue,
  markAttempts,
  nextDueAtMs,
  takeAlarm,
} from "./outbox.ts";
import { renderMessage } from "./render-message.ts";

/** Messages of one run, whose orders are read in one call; what is left over is sent by the next wake-up of the outbox. */
export const MESSAGES_PER_RUN = 50;
const ORDERS_POLICY = { service: "orders", deadlineMs: 5_000, retries: 1 } as const;
/** The queue's longest delay is twelve hours; a ring that finds nothing due just rings again. */
const RING_DELAY_MAX_SECONDS = 3_600;

export interface SendDependencies {
  readonly database: D1Database;
  readonly orders: Pick<OrdersApi, "readOrdersForMessages">;
  readonly senders: readonly NotificationChannelSender[];
  readonly shopName: string;
  readonly publicUrl: string;
  readonly log: Logger;
  now(): EpochMs;
  /** Rings the outbox again, after a delay. */
  ring(delaySeconds: number): Promise<void>;
}

/** Sends at most `MESSAGES_PER_RUN` due messages and sees to it that the rest is rung for. @returns how many were tried. */
export async function sendDue(dependencies: SendDependencies, onlyId: string | null = null): Promise<number> {
  const { database, now } = dependencies;
  const claimed = await claimDue(database, now(), MESSAGES_PER_RUN, onlyId);
  if (claimed.length > 0) {
    const context = newContext();
    const orders = await readOrders(dependencies, claimed, context);
    const attempts = await Promise.all(claimed.map((row) => attempt(dependencies, row, orders)));
    await markAttempts(database, attempts, now());
  }
  await ringForTheRest(dependencies, claimed.length === MESSAGES_PER_RUN);
  return claimed.length;
}

async function ringForTheRest(dependencies: SendDependencies, isFullRun: boolean): Promise<void> {
  const { database } = dependencies;
  const nowMs = dependencies.now();
  const dueAtMs = await nextDueAtMs(database);
  if (dueAtMs === null) return;
  if (dueAtMs <= nowMs && isFullRun) return await dependencies.ring(0);
  const delaySeconds = Math.min(RING_DELAY_MAX_SECONDS, Math.max(1, Math.ceil((dueAtMs - nowMs) / 1_000)));
  if (await takeAlarm(database, nowMs + delaySeconds * 1_000, nowMs)) await dependencies.ring(delaySeconds);
}

type OrdersById = ReadonlyMap<string, OrderForMessage>;

async function readOrders(
  dependencies: SendDependencies,
  claimed: readonly ClaimedNotification[],
  context: CallContext,
): Promise<Result<OrdersById, DeliveryError>> {
  const orderIds = [...new Set(claimed.map((row) => row.orderId))];
  try {
    const found = await guarded(ORDERS_POLICY, () => dependencies.orders.readOrdersForMessages(orderIds, context));
    return ok(new Map(found.map((entry) => [entry.order.id, entry])));
  } catch {
    return err({ code: "delivery_failed", message: "orders: unavailable" });
  }
}

async function attempt(
  dependencies: SendDependencies,
  row: ClaimedNotification,
  orders: Result<OrdersById, DeliveryError>,
): Promise<Attempt> {
  const prepared = await prepare(dependencies, row, orders).catch(asFailure);
  if (!prepared.ok) return missed(dependencies, row, null, null, prepared.error);
  const { sender, recipient, message } = prepared.value;
  const sent = await sender.send(recipient, message).catch(asFailure);
  if (!sent.ok) return missed(dependencies, row, recipient.label, message.subject, sent.error);
  return {
    id: row.id,
    attempts: row.attempts,
    outcome: "sent",
    recipient: recipient.label,
    subject: message.subject,
    providerId: sent.value.providerId,
    error: null,
  };
}

type Miss = DeliveryError | { readonly code: "no_recipient" };

interface Prepared {
  readonly sender: NotificationChannelSender;
  readonly recipient: Recipient;
  readonly message: RenderedMessage;
}

async function prepare(
  dependencies: SendDependencies,
  row: ClaimedNotification,
  orders: Result<OrdersById, DeliveryError>,
): Promise<Result<Prepared, Miss>> {
  const { senders, shopName } = dependencies;
  const sender = senders.find((candidate) => candidate.channel === row.channel);
  if (sender === undefined) return err({ code: "delivery_refused", message: `${row.channel} is not configured` });
  if (!orders.ok) return orders;
  const found = orders.value.get(row.orderId);
  if (found === undefined) return err({ code: "delivery_refused", message: "orders: order_unknown" });
  const { order, token } = found;
  const recipient = await sender.recipientFor(order);
  if (recipient === null) return err({ code: "no_recipient" });
  const message = renderMessage(messageKey(row), parseDetails(row.details), {
    shopName,
    orderUrl: orderUrl(dependencies.publicUrl, row.orderId, token),
    order,
  });
  return ok({ sender, recipient, message });
}

function missed(
  dependencies: SendDependencies,
  row: ClaimedNotification,
  recipient: string | null,
  subject: string | null,
  error: Miss,
): Attempt {
  const base = { id: row.id, attempts: row.attempts, recipient, subject, providerId: null };
  if (error.code === "no_recipient") return { ...base, outcome: "skipped", error: error.code };
  const isFinal = error.code === "delivery_refused" || row.attempts >= ATTEMPTS_MAX;
  dependencies.log.warn("notification_not_sent", { id: row.id, attempts: row.attempts, final: isFinal, code: error.code });
  return { ...base, outcome: isFinal ? "failed" : "retry", error: error.message };
}

function asFailure(error: unknown) {
  return err({ code: "delivery_failed", message: error instanceof Error ? error.message : String(error) });
}

export function messageKey(row: { readonly eventId: string; readonly template: string }): string {
  return `${row.eventId}/${row.template}`;
}

export function parseDetails(stored: string): NotificationDetails {
  return NotificationDetails.parse(JSON.parse(stored));
}

/** The shop's page of the order; without a token it asks for a login. */
export function orderUrl(publicUrl: string, orderId: string, token: string | null): string {
  const url = `${publicUrl}/orders/${orderId}`;
  return token === null ? url : `${url}?token=${encodeURIComponent(token)}`;
}
