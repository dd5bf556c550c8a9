/** One message in every form, from the order as it is and what the event said. Pure. */
import type { RenderedMessage } from "./channels/channel-sender.ts";
import type { NotificationDetails } from "./decide-notifications.ts";
import type { MessageContent, MessageView } from "./templates/message-view.ts";
import { orderCancelled } from "./templates/order-cancelled.tsx";
import { orderConfirmation } from "./templates/order-confirmation.tsx";
import { orderRefunded } from "./templates/order-refunded.tsx";
import { orderShipped } from "./templates/order-shipped.tsx";

/** @param key the same for every attempt at the same event and template */
export function renderMessage(key: string, details: NotificationDetails, view: MessageView): RenderedMessage {
  return { key, url: view.orderUrl, ...contentOf(details, view) };
}

function contentOf(details: NotificationDetails, view: MessageView): MessageContent {
  switch (details.template) {
    case "order_confirmation":
      return orderConfirmation(view);
    case "order_shipped":
      return orderShipped(view, details);
    case "order_refunded":
      return orderRefunded(view, details);
    case "order_cancelled":
      return orderCancelled(view);
  }
}
