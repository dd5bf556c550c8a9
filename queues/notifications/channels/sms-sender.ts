/** SMS through Twilio's Messages resource, or an API of its shape. https://www.twilio.com/docs/messaging/api/message-resource */
import * as z from "zod";
import type { Order } from "../../../workers/orders/contract.ts";
import { ok, type Result } from "../../../workers/shared/result.ts";
import type { SmsAccount } from "../configuration.ts";
import {
  type Delivery,
  type DeliveryError,
  type Fetch,
  type NotificationChannelSender,
  postToProvider,
  type Recipient,
  type RenderedMessage,
} from "./channel-sender.ts";

/** https://www.itu.int/rec/T-REC-E.164 */
const E164 = /^\+[1-9]\d{6,14}$/;
/** Twilio's limit for one message body, in characters. */
const BODY_MAX = 1_600;

const MessageCreated = z.object({ sid: z.string() });

export function smsSender(fetch: Fetch, account: SmsAccount): NotificationChannelSender {
  const url = `${account.apiUrl.replace(/\/+$/, "")}/2010-04-01/Accounts/${encodeURIComponent(account.accountId)}/Messages.json`;
  const authorization = `Basic ${btoa(`${account.accountId}:${account.authToken}`)}`;
  return {
    channel: "sms",
    async recipientFor(order: Order): Promise<Recipient | null> {
      const phone = order.shippingAddress.phone?.replace(/[\s().-]/g, "");
      return phone !== undefined && E164.test(phone) ? { address: phone, label: phone } : null;
    },
    async send(recipient: Recipient, message: RenderedMessage): Promise<Result<Delivery, DeliveryError>> {
      const posted = await postToProvider(fetch, url, {
        method: "POST",
        headers: { authorization, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          To: recipient.address,
          From: account.from,
          Body: `${message.short} ${message.url}`.slice(0, BODY_MAX),
        }).toString(),
      });
      if (!posted.ok) return posted;
      const created = MessageCreated.safeParse(await posted.value.json().catch(() => undefined));
      return ok({ providerId: created.success ? created.data.sid : null });
    },
  };
}
