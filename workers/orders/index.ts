/** The orders worker: carts, checkout and orders over HTTP, the order log over RPC, and the projection's queue. */
import { WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import { CheckoutPartition } from "../../durable-objects/checkout-partition/index.ts";
import { OrderEvent, OrderWakeUp } from "../../queues/contracts/order-events.ts";
import { systemClock } from "../shared/clock.ts";
import type { LogComparison } from "../shared/compare-rows.ts";
import { HISTORIES_EVENTS_MAX } from "../shared/compare-with-log.ts";
import { consumeWakeUps } from "../shared/consume-wake-ups.ts";
import { type CursorRow, readCursors } from "../shared/d1-follower.ts";
import { APPLY_EVENTS_MAX, followMany } from "../shared/follow-log.ts";
import { idSchema } from "../shared/identifiers.ts";
import { Person } from "../shared/privacy.ts";
import { advanceRebuild, readRebuild } from "../shared/rebuild-projection.ts";
import { err, type Result } from "../shared/result.ts";
import { type CallContext, logger } from "../shared/telemetry.ts";
import { traceMethods } from "../shared/trace.ts";
import { partitionExists, readOrder } from "./access.ts";
import { callPartition, partitionOfId } from "./call-partition.ts";
import { compareOrders } from "./compare-projection.ts";
import {
  BOOKS_PARTITIONS_MAX,
  type LogCursor,
  type Order,
  type OrderAccount,
  type OrderForMessage,
  type OrdersApi,
  type OrderUnknown,
  PARTITIONS_MAX,
  type PartitionBooks,
  type PartitionCursor,
  SOURCES_READ_MAX,
  type SourceEvents,
} from "./contract.ts";
import type { Env } from "./env.ts";
import { erasePerson } from "./erase-person.ts";
import { exportPerson } from "./export-person.ts";
import { findSources, rememberSources } from "./find-partitions.ts";
import { findOpenOrders, findPersonOrders } from "./find-person-orders.ts";
import { listProjectedOrders } from "./list-orders.ts";
import { ownAddress } from "./own-address.ts";
import { catchUpProjection, createProjection, pullEvents } from "./project-orders.ts";
import { ordersProjection } from "./projections.ts";
import { readLogEnds, readOrderAccounts, readPartitionBooks } from "./read-books.ts";
import { readEventsOf } from "./read-events-of.ts";
import { readOrdersForMessages } from "./read-orders-for-messages.ts";
import { app } from "./routes.ts";

/** Rows in one RPC answer, whatever a peer asks for. */
const PAGE_MAX = 1_000;

const OrderId = idSchema("ord");
const CustomerId = idSchema("cus");
const Email = z.string().min(3).max(254);
const Sources = z.array(z.string().max(64)).max(PARTITIONS_MAX);
const { customerId: PersonId, emails: PersonEmails } = Person.shape;
const MessageOrderIds = z.array(OrderId).max(100);
const AfterSequence = z.int().min(0);
const AfterId = z.string().max(64);
const LogCursors = z.array(z.strictObject({ source: z.string(), afterSequence: AfterSequence })).max(SOURCES_READ_MAX);
const Histories = z.array(OrderEvent).max(HISTORIES_EVENTS_MAX);
const Cursors = z.array(z.strictObject({ partition: z.string(), afterOrderId: AfterId, afterSequence: AfterSequence }));
const Limit = z
  .int()
  .min(1)
  .transform((limit) => Math.min(limit, PAGE_MAX));

export default class Orders extends WorkerEntrypoint<Env> implements OrdersApi {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }

  override async queue(batch: MessageBatch): Promise<void> {
    const follower = createProjection(this.env);
    await consumeWakeUps<OrderEvent>(batch, {
      wakeUp: OrderWakeUp,
      follow: (wakeUpsBySource) => followMany(follower, wakeUpsBySource),
      deadLetters: this.env.DEAD_LETTERS,
      log: logger("orders"),
    });
  }

  /** What every message about it missed. */
  override async scheduled(): Promise<void> {
    await catchUpProjection(this.env);
  }

  async readOrder(orderId: string, _context: CallContext): Promise<Result<Order, OrderUnknown>> {
    return transportErrorsThrown(await readOrder(this.env, OrderId.parse(orderId)));
  }

  async resumePayment(orderId: string, context: CallContext): Promise<Result<Order, OrderUnknown>> {
    const partition = partitionOfId(OrderId.parse(orderId));
    if (!(await partitionExists(this.env, partition))) return err({ code: "order_unknown" });
    return transportErrorsThrown(
      await callPartition(this.env, partition, "keyed", (stub) => stub.resumePayment(orderId, context)),
    );
  }

  async readOrdersForMessages(orderIds: readonly string[], _context: CallContext): Promise<readonly OrderForMessage[]> {
    return await readOrdersForMessages(this.env, MessageOrderIds.parse(orderIds));
  }

  async readEvents(source: string, afterSequence: number, limit: number): Promise<readonly OrderEvent[]> {
    const events = Math.min(Limit.parse(limit), APPLY_EVENTS_MAX);
    return await pullEvents(this.env, source, AfterSequence.parse(afterSequence), events);
  }

  async readEventsOf(cursors: readonly LogCursor[], limit: number): Promise<readonly SourceEvents[]> {
    const events = Math.min(Limit.parse(limit), APPLY_EVENTS_MAX);
    return await readEventsOf(LogCursors.parse(cursors), ({ source, afterSequence }) =>
      pullEvents(this.env, source, afterSequence, events),
    );
  }

  async listSources(): Promise<readonly string[]> {
    return await findSources(this.env);
  }

  async rememberSources(sources: readonly string[]): Promise<void> {
    await rememberSources(this.env.DATABASE, Sources.parse(sources));
  }

  async listCursors(): Promise<readonly CursorRow[]> {
    const sources = await findSources(this.env);
    const cursors = await readCursors(this.env.DATABASE, sources);
    return sources.map((source) => ({ source, sequence: cursors.get(source) ?? 0 }));
  }

  async readLogEnds(sources: readonly string[]): Promise<readonly CursorRow[]> {
    return await readLogEnds(this.env, Sources.max(SOURCES_READ_MAX).parse(sources));
  }

  async listProjectedOrders(afterOrderId: string, limit: number): ReturnType<OrdersApi["listProjectedOrders"]> {
    return await listProjectedOrders(this.env.DATABASE, AfterId.parse(afterOrderId), Limit.parse(limit));
  }

  async readPartitionBooks(cursors: readonly PartitionCursor[]): Promise<readonly PartitionBooks[]> {
    return await readPartitionBooks(this.env, Cursors.max(BOOKS_PARTITIONS_MAX).parse(cursors));
  }

  async readOrderAccounts(orderIds: readonly string[]): Promise<readonly OrderAccount[]> {
    return await readOrderAccounts(this.env, MessageOrderIds.parse(orderIds));
  }

  async compareWithLog(histories: readonly OrderEvent[]): Promise<LogComparison> {
    return await compareOrders(this.env, Histories.parse(histories));
  }

  async listProjections() {
    return await Promise.all([ordersProjection(this.env)].map(readRebuild));
  }

  async rebuildProjection(name: string) {
    const projection = [ordersProjection(this.env)].find((candidate) => candidate.name === name);
    return projection === undefined ? null : await advanceRebuild(projection, systemClock.now());
  }

  async ownAddress(customerId: string, emailNormalized: string, _context: CallContext): Promise<void> {
    await ownAddress(this.env.DATABASE, CustomerId.parse(customerId), Email.parse(emailNormalized), systemClock.now());
  }

  async catchUp(_context: CallContext): Promise<number> {
    return await catchUpProjection(this.env);
  }

  async findPersonOrders(customerId: string | null, emails: readonly string[], afterOrderId: string, _context: CallContext) {
    const theirs = [PersonId.parse(customerId), PersonEmails.parse(emails)] as const;
    return await findPersonOrders(this.env.DATABASE, ...theirs, AfterId.parse(afterOrderId));
  }

  async findOpenOrders(customerId: string | null, emails: readonly string[], _context: CallContext) {
    return await findOpenOrders(this.env.DATABASE, PersonId.parse(customerId), PersonEmails.parse(emails));
  }

  async exportPerson(person: Person, cursor: string | null, _context: CallContext) {
    return await exportPerson(this.env, Person.parse(person), cursor);
  }

  async erasePerson(person: Person, cursor: string | null, _context: CallContext) {
    return await erasePerson(this.env, Person.parse(person), cursor);
  }
}

/** Peers wrap this call themselves: for them a partition that does not answer is this worker not answering. */
function transportErrorsThrown(result: Awaited<ReturnType<typeof readOrder>>): Result<Order, OrderUnknown> {
  if (result.ok) return result;
  if (result.error.code === "order_unknown") return { ok: false, error: result.error };
  throw new Error(result.error.message);
}

traceMethods(Orders, "orders", "service");
traceMethods(CheckoutPartition, "checkout-partition", "object");

export { CheckoutPartition } from "../../durable-objects/checkout-partition/index.ts";
