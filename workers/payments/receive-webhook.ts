/**
 * The webhook inbox. Verified, compared with our row, then told to the order; marked as done only afterwards, in one batch
 * with the row, so that a failure in between makes the provider send it again. The order looks at the provider's truth
 * itself: nothing that a webhook says is believed, it only wakes.
 */
import type Stripe from "stripe";
import type { Order, OrdersApi, OrderUnknown } from "../orders/contract.ts";
import { callPeer, type Unavailable } from "../shared/call-peer.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { Seldom } from "../shared/seldom.ts";
import type { CallContext } from "../shared/telemetry.ts";
import { judgeWebhook, newsOfEvent } from "./judge-webhook.ts";
import { lastKnown } from "./known-payments.ts";
import type { PaymentDesk } from "./payment-desk.ts";
import { type PaymentNews, rememberPayment } from "./payment-rows.ts";
import type { PaymentRow } from "./schema.ts";

/** https://docs.stripe.com/webhooks/signature#replay-prevention */
const TOLERANCE_SECONDS = 300;
const RESUME_DEADLINE_MS = 25_000;

const REFUSALS_LOGGED_EVERY_MS = 60_000;
const refusals = new Seldom(REFUSALS_LOGGED_EVERY_MS);

export type WebhookOutcome = "applied" | "known" | "duplicate" | "ignored" | "unknown_order" | "mismatch";

export type WebhookError =
  | { readonly code: "webhooks_not_configured" }
  | { readonly code: "invalid_signature" }
  /** The order could not be told; the provider sends the event again. */
  | { readonly code: "order_not_told" };

export interface WebhookDesk extends PaymentDesk {
  readonly orders: Pick<OrdersApi, "resumePayment">;
  readonly webhookSecret: string | undefined;
  readonly context: CallContext;
}

export async function receiveWebhook(
  desk: WebhookDesk,
  body: string,
  signature: string | null,
): Promise<Result<WebhookOutcome, WebhookError>> {
  if (desk.webhookSecret === undefined) {
    refused(desk, "STRIPE_WEBHOOK_SECRET is not set");
    return err({ code: "webhooks_not_configured" });
  }
  const event = await verify(desk, body, signature, desk.webhookSecret);
  if (event === undefined) return err({ code: "invalid_signature" });
  const news = newsOfEvent(event);
  if (news === undefined) return ok("ignored");
  const ours = lastKnown(news.paymentId);
  if (ours !== undefined && judgeWebhook(ours, news) === "known") return ok("known");
  const { row, seen } = await readInbox(desk.database, event.id, news.paymentId);
  if (seen) return ok("duplicate");
  const verdict = judgeWebhook(row, news);
  if (verdict === "known") return ok("known");
  if (verdict === "mismatch") return ok(await refuse(desk, event, news, "mismatch"));
  if (news.orderId === "") return ok(await refuse(desk, event, news, "unknown_order"));
  return await apply(desk, event, news);
}

async function verify(
  desk: WebhookDesk,
  body: string,
  signature: string | null,
  secret: string,
): Promise<Stripe.Event | undefined> {
  if (signature === null) {
    refused(desk, "there is no Stripe-Signature header");
    return undefined;
  }
  try {
    return await desk.stripe.webhooks.constructEventAsync(body, signature, secret, TOLERANCE_SECONDS, undefined, desk.now());
  } catch (error) {
    refused(desk, error instanceof Error ? error.message.split("\n", 1)[0] : "unknown");
    return undefined;
  }
}

/** Anybody can post here: a line a minute, without a word of what was posted. */
function refused(desk: WebhookDesk, reason: string | undefined): void {
  const heldBack = refusals.pass(desk.now());
  if (heldBack !== undefined) desk.log.warn("webhook_refused", { reason, held_back: heldBack });
}

async function apply(desk: WebhookDesk, event: Stripe.Event, news: PaymentNews): Promise<Result<WebhookOutcome, WebhookError>> {
  const told = await resume(desk, news.orderId);
  if (!told.ok && told.error.code === "order_unknown") return ok(await refuse(desk, event, news, "unknown_order"));
  if (!told.ok) {
    desk.log.warn("order_not_told", { order_id: news.orderId, event_id: event.id, reason: told.error.code });
    return err({ code: "order_not_told" });
  }
  const order = told.value;
  if (order.totals.totalMinor !== news.amountMinor || order.currency !== news.currency) {
    return ok(await refuse(desk, event, news, "mismatch"));
  }
  await desk.database.batch([rememberPayment(desk.database, news, desk.now()), mark(desk, event, news, "applied")]);
  return ok("applied");
}

export async function resume(
  desk: Pick<WebhookDesk, "orders" | "context">,
  orderId: string,
): Promise<Result<Order, OrderUnknown | Unavailable>> {
  return await callPeer({ service: "orders", deadlineMs: RESUME_DEADLINE_MS, retries: 1, retryTimeouts: false }, () =>
    desk.orders.resumePayment(orderId, desk.context),
  );
}

/** Acknowledged, because sending it again changes nothing; an operator finds it in the inbox and the log. */
async function refuse(
  desk: WebhookDesk,
  event: Stripe.Event,
  news: PaymentNews,
  outcome: "unknown_order" | "mismatch",
): Promise<WebhookOutcome> {
  desk.log.warn("webhook_without_effect", { outcome, event_id: event.id, type: event.type, payment_id: news.paymentId });
  await mark(desk, event, news, outcome).run();
  return outcome;
}

function mark(desk: WebhookDesk, event: Stripe.Event, news: PaymentNews, outcome: WebhookOutcome): D1PreparedStatement {
  return desk.database
    .prepare(
      `INSERT INTO webhook_events (event_id, type, payment_id, order_id, outcome, received_at_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (event_id) DO NOTHING`,
    )
    .bind(event.id, event.type, news.paymentId, news.orderId === "" ? null : news.orderId, outcome, desk.now());
}

async function readInbox(
  db: D1Database,
  eventId: string,
  paymentId: string,
): Promise<{ readonly row: PaymentRow | undefined; readonly seen: boolean }> {
  const found = await db
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM webhook_events WHERE event_id = ?1) AS seen,
              payment_id AS paymentId, order_id AS orderId, amount_minor AS amountMinor, currency, status,
              captured_minor AS capturedMinor, refunded_minor AS refundedMinor, decline_code AS declineCode,
              created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs
       FROM (SELECT ?2 AS wanted) LEFT JOIN payments ON payment_id = wanted`,
    )
    .bind(eventId, paymentId)
    .first<{ seen: number; paymentId: string | null }>();
  if (found === null) return { row: undefined, seen: false };
  const { seen, ...row } = found;
  return { row: row.paymentId === null ? undefined : (row as PaymentRow), seen: seen === 1 };
}
