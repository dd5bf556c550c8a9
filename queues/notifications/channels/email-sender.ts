/**
 * Mail through the `send_email` binding in its structured form. The platform owns Message-ID and refuses one of ours, so
 * the stable key travels in X-Entity-Ref-ID.
 * https://developers.cloudflare.com/email-service/reference/headers/
 */
import type { Order } from "../../../workers/orders/contract.ts";
import { later, within } from "../../../workers/shared/later.ts";
import { err, ok, type Result } from "../../../workers/shared/result.ts";
import {
  DELIVERY_DEADLINE_MS,
  type Delivery,
  type DeliveryError,
  type NotificationChannelSender,
  type Recipient,
  type RenderedMessage,
} from "./channel-sender.ts";

/** The platform's codes for what another attempt will not change. */
const REFUSALS: ReadonlySet<string> = new Set([
  "E_RECIPIENT_SUPPRESSED",
  "E_RECIPIENT_NOT_ALLOWED",
  "E_CONTENT_TOO_LARGE",
  "E_HEADER_NOT_ALLOWED",
  "E_VALIDATION_ERROR",
  "E_FIELD_MISSING",
]);

export interface MailSender {
  readonly name: string;
  readonly address: string;
}

export function emailSender(binding: SendEmail, from: MailSender): NotificationChannelSender {
  return {
    channel: "email",
    async recipientFor(order: Order): Promise<Recipient | null> {
      return order.email === "" ? null : { address: order.email, label: order.email };
    },
    async send(recipient: Recipient, message: RenderedMessage): Promise<Result<Delivery, DeliveryError>> {
      const sending = () =>
        binding.send({
          from: { name: from.name, email: from.address },
          to: recipient.address,
          subject: message.subject,
          html: message.html,
          text: message.text,
          headers: { "X-Entity-Ref-ID": message.key },
        });
      try {
        const sent = await within(later, DELIVERY_DEADLINE_MS, sending, noAnswer);
        return ok({ providerId: sent?.messageId ?? null });
      } catch (error) {
        return err(deliveryError(error));
      }
    },
  };
}

function deliveryError(error: unknown): DeliveryError {
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? error.message : String(error);
  const refused = typeof code === "string" && REFUSALS.has(code);
  return {
    code: refused ? "delivery_refused" : "delivery_failed",
    message: typeof code === "string" ? `${code}: ${message}` : message,
  };
}

function noAnswer(): never {
  throw new Error(`no answer within ${DELIVERY_DEADLINE_MS} ms`);
}
