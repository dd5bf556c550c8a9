/** Which events become which messages, and what each message shows of its event. Pure. */
import * as z from "zod";
import type { EpochMs } from "../../workers/shared/clock.ts";
import type { OrderEvent } from "../contracts/order-events.ts";
import type { NotificationChannel, NotificationTemplate } from "./contract.ts";

/** Stored with the row, so that a message can be rendered again without the event. */
export const NotificationDetails = z.discriminatedUnion("template", [
  z.strictObject({ template: z.literal("order_confirmation") }),
  z.strictObject({
    template: z.literal("order_shipped"),
    carrier: z.string().nullable(),
    trackingNumber: z.string().nullable(),
    lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int() })),
    complete: z.boolean(),
  }),
  z.strictObject({
    template: z.literal("order_refunded"),
    amountMinor: z.int(),
    lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int(), amountMinor: z.int() })),
  }),
  z.strictObject({ template: z.literal("order_cancelled") }),
]);
export type NotificationDetails = z.infer<typeof NotificationDetails>;

export interface PlannedNotification {
  readonly eventId: string;
  readonly orderId: string;
  readonly occurredAtMs: EpochMs;
  readonly template: NotificationTemplate;
  readonly channel: NotificationChannel;
  readonly details: NotificationDetails;
}

/**
 * One message per interesting event and channel. A cancellation is planned for every cancelled order: the writer keeps it
 * only where the order had been confirmed, since nobody was told about an order that was never accepted.
 */
export function planNotifications(
  events: readonly OrderEvent[],
  channels: readonly NotificationChannel[],
): readonly PlannedNotification[] {
  return events.flatMap((event) => {
    const details = detailsOf(event);
    if (details === null) return [];
    const { template } = details;
    const about = { eventId: event.id, orderId: event.data.orderId, occurredAtMs: Date.parse(event.time) };
    return channels.map((channel) => ({ ...about, template, channel, details }));
  });
}

function detailsOf(event: OrderEvent): NotificationDetails | null {
  switch (event.type) {
    case "order.placed":
      return { template: "order_confirmation" };
    case "order.shipped": {
      const { carrier, trackingNumber, lines, complete } = event.data;
      return { template: "order_shipped", carrier, trackingNumber, lines, complete };
    }
    case "order.refunded":
      // One message about one thing: the cancellation's says what was refunded.
      if (event.data.forCancellation === true) return null;
      return { template: "order_refunded", amountMinor: event.data.amountMinor, lines: event.data.lines };
    case "order.cancelled":
      return { template: "order_cancelled" };
    case "order.submitted":
    case "order.awaiting_payment":
    case "order.failed":
    case "order.completed":
      return null;
  }
}
