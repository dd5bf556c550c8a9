/** Web push to the browser that asked for news about one order: VAPID (RFC 8292), aes128gcm (RFC 8291). */
import { buildPushPayload } from "@block65/webcrypto-web-push";
import type { Order } from "../../../workers/orders/contract.ts";
import { err, ok, type Result } from "../../../workers/shared/result.ts";
import type { PushKeys } from "../configuration.ts";
import { PushSubscription } from "../contract.ts";
import {
  type Delivery,
  type DeliveryError,
  type Fetch,
  type NotificationChannelSender,
  postToProvider,
  type Recipient,
  type RenderedMessage,
} from "./channel-sender.ts";

/** News about a parcel is stale after a day. */
const TTL_SECONDS = 86_400;

export type FindPushSubscription = (orderId: string) => Promise<PushSubscription | null>;

export function pushSender(fetch: Fetch, keys: PushKeys, find: FindPushSubscription): NotificationChannelSender {
  return {
    channel: "push",
    async recipientFor(order: Order): Promise<Recipient | null> {
      const subscription = await find(order.id);
      if (subscription === null) return null;
      return { address: JSON.stringify(subscription), label: new URL(subscription.endpoint).hostname };
    },
    async send(recipient: Recipient, message: RenderedMessage): Promise<Result<Delivery, DeliveryError>> {
      const subscription = PushSubscription.parse(JSON.parse(recipient.address));
      const data = { title: message.subject, body: message.short, url: message.url, tag: message.key };
      const payload = await buildPushPayload(
        { data, options: { ttl: TTL_SECONDS } },
        { ...subscription, expirationTime: null },
        keys,
      ).catch((error: unknown) => String(error));
      if (typeof payload === "string")
        return err({ code: "delivery_refused", message: `cannot encrypt for this browser: ${payload}` });
      const { "content-length": _length, ...headers } = payload.headers;
      const posted = await postToProvider(fetch, subscription.endpoint, { method: "POST", headers, body: payload.body });
      if (!posted.ok) return posted;
      await posted.value.body?.cancel();
      return ok({ providerId: posted.value.headers.get("location") });
    },
  };
}
