/**
 * Payments: authorizes, captures, cancels and refunds at the provider through its official SDK; keeps the ledger by following
 * the order log; takes the provider's webhooks.
 */
import { env as bindings, WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import { ORDER_SOURCE_PREFIX, OrderEvent, OrderWakeUp } from "../../queues/contracts/order-events.ts";
import { guarded } from "../shared/call-peer.ts";
import { systemClock } from "../shared/clock.ts";
import { HISTORIES_EVENTS_MAX } from "../shared/compare-with-log.ts";
import { consumeWakeUps } from "../shared/consume-wake-ups.ts";
import { listCursors } from "../shared/d1-follower.ts";
import { catchUpMany, followMany } from "../shared/follow-log.ts";
import { AmountMinor } from "../shared/money.ts";
import { erasedOf, Person } from "../shared/privacy.ts";
import { advanceRebuild, readRebuild } from "../shared/rebuild-projection.ts";
import { err } from "../shared/result.ts";
import { type CallContext, logger, newContext } from "../shared/telemetry.ts";
import { traceMethods } from "../shared/trace.ts";
import { authorizePayment } from "./authorize-payment.ts";
import { cancelPayment } from "./cancel-payment.ts";
import { capturePayment } from "./capture-payment.ts";
import { compareLedger, listLedgerOrders } from "./compare-ledger.ts";
import { readConfiguration } from "./configuration.ts";
import { AuthorizeCommand, type PaymentsApi, RefundCommand } from "./contract.ts";
import type { Env } from "./env.ts";
import { exportPerson } from "./export-person.ts";
import { ledgerFollower } from "./follow-orders.ts";
import { BOOKS_PAGE_MAX, ledgerBalances, listBooks, readBooksOf } from "./list-books.ts";
import { readPayment } from "./payment-desk.ts";
import { ledgerProjection } from "./projections.ts";
import { createProvider } from "./provider.ts";
import type { WebhookDesk } from "./receive-webhook.ts";
import { refundPayment } from "./refund-payment.ts";
import { paymentRoutes } from "./routes.ts";

const SOURCES_DEADLINE_MS = 10_000;

/** The provider's ids; anything else cannot be a payment. */
const PaymentId = z.string().regex(/^pi_[A-Za-z0-9]{1,120}$/);
const OrderIds = z.array(z.string().max(64)).max(100);
const Histories = z.array(OrderEvent).max(HISTORIES_EVENTS_MAX);
const CapturedAmount = AmountMinor.min(1);

const configuration = readConfiguration(bindings);
const stripe = createProvider(configuration.STRIPE_API_KEY, (bindings as unknown as Env).PAYMENT_PROVIDER);

function deskOf(env: Env, context: CallContext, executionContext: Pick<ExecutionContext, "waitUntil">): WebhookDesk {
  return {
    stripe,
    database: env.DATABASE,
    orders: env.ORDERS,
    webhookSecret: configuration.STRIPE_WEBHOOK_SECRET,
    context,
    log: logger("payments", context),
    now: () => systemClock.now(),
    background: (work) => executionContext.waitUntil(work),
  };
}

async function catchUpLedger(env: Env): Promise<number> {
  const follower = ledgerFollower(env.DATABASE, env.ORDERS);
  const sources = await guarded({ service: "orders", deadlineMs: SOURCES_DEADLINE_MS, retries: 2 }, () =>
    env.ORDERS.listSources(),
  );
  return await catchUpMany(follower, sources);
}

const app = paymentRoutes({ deskOf, catchUp: catchUpLedger });

export default class Payments extends WorkerEntrypoint<Env> implements PaymentsApi {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }

  override async queue(batch: MessageBatch): Promise<void> {
    const follower = ledgerFollower(this.env.DATABASE, this.env.ORDERS);
    await consumeWakeUps(batch, {
      wakeUp: OrderWakeUp,
      follow: (sources) => followMany(follower, sources),
      deadLetters: this.env.DEAD_LETTERS,
      log: logger("payments", newContext()),
    });
  }

  /** What every message about it missed. */
  override async scheduled(): Promise<void> {
    await catchUpLedger(this.env);
  }

  async authorize(command: AuthorizeCommand, context: CallContext) {
    const parsed = AuthorizeCommand.safeParse(command);
    if (!parsed.success) return err({ code: "payment_rejected", message: z.prettifyError(parsed.error) });
    return await authorizePayment(this.#desk(context), parsed.data);
  }

  async capture(paymentId: string, amountMinor: number, context: CallContext) {
    if (!PaymentId.safeParse(paymentId).success) return err({ code: "payment_unknown" });
    return await capturePayment(this.#desk(context), paymentId, CapturedAmount.parse(amountMinor));
  }

  async cancel(paymentId: string, context: CallContext) {
    if (!PaymentId.safeParse(paymentId).success) return err({ code: "payment_unknown" });
    return await cancelPayment(this.#desk(context), paymentId);
  }

  async refund(command: RefundCommand, context: CallContext) {
    const parsed = RefundCommand.safeParse(command);
    if (!parsed.success) return err({ code: "not_refundable", message: z.prettifyError(parsed.error) });
    if (!PaymentId.safeParse(parsed.data.paymentId).success) return err({ code: "payment_unknown" });
    return await refundPayment(this.#desk(context), parsed.data);
  }

  async inspect(paymentId: string, context: CallContext) {
    if (!PaymentId.safeParse(paymentId).success) return err({ code: "payment_unknown" });
    const known = await readPayment(this.#desk(context), paymentId);
    return known.ok ? { ok: true as const, value: known.value.payment } : known;
  }

  async listBooks(afterPaymentId: string, limit: number, context: CallContext) {
    return await listBooks(this.#desk(context), afterPaymentId, limit);
  }

  async readBooksOf(orderIds: readonly string[], context: CallContext) {
    return await readBooksOf(this.#desk(context), OrderIds.parse(orderIds));
  }

  async compareWithLog(histories: readonly OrderEvent[]) {
    return await compareLedger(this.env.DATABASE, this.env.ORDERS, Histories.parse(histories));
  }

  async listLedgerOrders(afterOrderId: string, limit: number) {
    return await listLedgerOrders(this.env.DATABASE, afterOrderId, Math.min(limit, BOOKS_PAGE_MAX));
  }

  async ledgerBalances() {
    return await ledgerBalances(this.env.DATABASE);
  }

  async listCursors() {
    return await listCursors(this.env.DATABASE, ORDER_SOURCE_PREFIX);
  }

  async listProjections() {
    return await Promise.all([ledgerProjection(this.env.DATABASE, this.env.ORDERS)].map(readRebuild));
  }

  async rebuildProjection(name: string) {
    const projection = [ledgerProjection(this.env.DATABASE, this.env.ORDERS)].find((candidate) => candidate.name === name);
    return projection === undefined ? null : await advanceRebuild(projection, systemClock.now());
  }

  async catchUp(_context: CallContext): Promise<number> {
    return await catchUpLedger(this.env);
  }

  async exportPerson(person: Person) {
    return await exportPerson(this.env.DATABASE, Person.parse(person));
  }

  /** Nothing here names anybody. What the law keeps is by order, and the order names nobody either once it is erased. */
  async erasePerson() {
    return erasedOf({});
  }

  #desk(context: CallContext): WebhookDesk {
    return deskOf(this.env, context, this.ctx);
  }
}

traceMethods(Payments, "payments", "service");
