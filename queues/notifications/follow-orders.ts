/**
 * Follows the order log: commits the messages that an event asks for together with the cursor, as `queued` rows, or as `skipped`
 * ones when the event is too old to be news.
 */
import { type OrdersApi, SOURCES_READ_MAX } from "../../workers/orders/contract.ts";
import type { EpochMs } from "../../workers/shared/clock.ts";
import { applyWithCursors, cursorMoves, readCursor, readCursors } from "../../workers/shared/d1-follower.ts";
import type { ManyFollower, Run } from "../../workers/shared/follow-log.ts";
import { newId } from "../../workers/shared/identifiers.ts";
import { type Generation, inGeneration } from "../../workers/shared/projection-generation.ts";
import { pullEvents, pullEventsOf } from "../../workers/shared/pull-events.ts";
import { OrderEvent, partitionOfSource } from "../contracts/order-events.ts";
import type { NotificationChannel } from "./contract.ts";
import { type PlannedNotification, planNotifications } from "./decide-notifications.ts";
import { horizonMs, type MailHorizon } from "./mail-horizon.ts";

export interface FollowDependencies {
  readonly database: D1Database;
  readonly orders: Pick<OrdersApi, "readEvents" | "readEventsOf">;
  /** Channels that are configured; a channel that is off leaves no row. */
  readonly channels: readonly NotificationChannel[];
  readonly horizon: MailHorizon;
  now(): EpochMs;
}

export function orderFollower(dependencies: FollowDependencies, generation: Generation = "live"): ManyFollower<OrderEvent> {
  const { database, orders, channels, horizon } = dependencies;
  async function applyRuns(runs: readonly Run<OrderEvent>[]): Promise<void> {
    const planned = planNotifications(
      runs.flatMap((run) => run.events),
      channels,
    );
    const cancellations = planned.filter((one) => one.template === "order_cancelled");
    const others = planned.filter((one) => one.template !== "order_cancelled");
    const nowMs = dependencies.now();
    // In this order: a confirmation of the same batch must be there when its cancellation looks for it.
    const tooOldMs = horizonMs(horizon, nowMs);
    const statements = [others, cancellations].map((rows) => insert(database, rows, { nowMs, tooOldMs }, generation));
    await applyWithCursors(
      database,
      cursorMoves(runs),
      statements.filter((statement) => statement !== null),
      generation,
    );
  }
  return {
    readCursor: (source) => readCursor(database, source, generation),
    readCursors: (sources) => readCursors(database, sources, generation),
    async pull(source, afterSequence, limit) {
      // A source that is none must not count against the owner's circuit breaker.
      partitionOfSource(source);
      return await pullEvents("orders", OrderEvent, () => orders.readEvents(source, afterSequence, limit));
    },
    pullMany: (cursors, limit) =>
      pullEventsOf("orders", OrderEvent, () => orders.readEventsOf(cursors.slice(0, SOURCES_READ_MAX), limit)),
    apply: (source, expectedSequence, events) => applyRuns([{ source, expectedSequence, events }]),
    applyRuns,
  };
}

const INSERT = `
  INSERT INTO {notifications}
    (id, order_id, event_id, template, channel, details, status, error, attempts, next_attempt_at_ms, created_at_ms)
  SELECT row.value ->> 'id', row.value ->> 'orderId', row.value ->> 'eventId', row.value ->> 'template',
         row.value ->> 'channel', row.value ->> 'details', row.value ->> 'status', row.value ->> 'error', 0, ?2, ?2
  FROM json_each(?1) AS row
  WHERE row.value ->> 'template' <> 'order_cancelled'
     OR EXISTS (SELECT 1 FROM {notifications} AS confirmed
                WHERE confirmed.order_id = row.value ->> 'orderId' AND confirmed.template = 'order_confirmation')
  ON CONFLICT (event_id, template, channel) DO NOTHING`;

function insert(
  db: D1Database,
  planned: readonly PlannedNotification[],
  { nowMs, tooOldMs }: { readonly nowMs: EpochMs; readonly tooOldMs: EpochMs },
  generation: Generation,
): D1PreparedStatement | null {
  if (planned.length === 0) return null;
  const rows = planned.map((one) => ({
    ...one,
    ...(one.occurredAtMs < tooOldMs ? { status: "skipped", error: "too_old" } : { status: "queued", error: null }),
    id: newId("ntf", nowMs),
    details: JSON.stringify(one.details),
  }));
  return db.prepare(inGeneration(INSERT, generation)).bind(JSON.stringify(rows), nowMs);
}
