/**
 * Notifications: mails, and SMS and web push when configured, about what happened to orders. Follows the order log, commits
 * each message to its outbox with the cursor, then sends.
 */
import { env as bindings, WorkerEntrypoint } from "cloudflare:workers";
import { systemClock } from "../../workers/shared/clock.ts";
import { consumeWakeUps } from "../../workers/shared/consume-wake-ups.ts";
import { catchUpAll, followMany } from "../../workers/shared/follow-log.ts";
import { err, ok } from "../../workers/shared/result.ts";
import { type CallContext, logger, newContext } from "../../workers/shared/telemetry.ts";
import { OrderWakeUp } from "../contracts/order-events.ts";
import { type AccountMailDependencies, catchUpAccountMails, consumeAccountMessages } from "./account-mails.ts";
import type { NotificationChannelSender } from "./channels/channel-sender.ts";
import { emailSender } from "./channels/email-sender.ts";
import { pushSender } from "./channels/push-sender.ts";
import { smsSender } from "./channels/sms-sender.ts";
import { readConfiguration } from "./configuration.ts";
import { type NotificationsApi, PushSubscription, type SentNotification } from "./contract.ts";
import type { Env } from "./env.ts";
import { orderFollower } from "./follow-orders.ts";
import { findPushSubscription, listSent, storePushSubscription } from "./read-notifications.ts";
import { notificationRoutes } from "./routes.ts";
import { type SendDependencies, sendDue } from "./send-due.ts";

const ACCOUNT_QUEUE = "account-messages";
const OUTBOX_QUEUE = "notification-outbox";

const configuration = readConfiguration(bindings);

function sendersOf(env: Env): readonly NotificationChannelSender[] {
  const { sms, push, shopName, mailFrom } = configuration;
  return [
    emailSender(env.MAIL, { name: shopName, address: mailFrom }),
    ...(sms === null ? [] : [smsSender((url, init) => fetch(url, init), sms)]),
    ...(push === null
      ? []
      : [
          pushSender(
            (url, init) => fetch(url, init),
            push,
            (orderId) => findPushSubscription(env.DATABASE, orderId),
          ),
        ]),
  ];
}

function sendDependencies(env: Env, context: CallContext): SendDependencies {
  return {
    database: env.DATABASE,
    orders: env.ORDERS,
    senders: sendersOf(env),
    shopName: configuration.shopName,
    publicUrl: configuration.publicUrl,
    log: logger("notifications", context),
    now: () => systemClock.now(),
    ring: async (delaySeconds) => {
      await env.OUTBOX.send({ outbox: "due" }, { delaySeconds });
    },
  };
}

function accountMailDependencies(env: Env, context: CallContext): AccountMailDependencies {
  return {
    database: env.DATABASE,
    identity: env.IDENTITY,
    mail: emailSender(env.MAIL, { name: configuration.shopName, address: configuration.mailFrom }),
    shopName: configuration.shopName,
    publicUrl: configuration.publicUrl,
    log: logger("notifications", context),
    now: () => systemClock.now(),
  };
}

function followerOf(env: Env) {
  const channels = sendersOf(env).map((sender) => sender.channel);
  return orderFollower({ database: env.DATABASE, orders: env.ORDERS, channels, now: () => systemClock.now() });
}

const app = notificationRoutes({
  publicUrl: configuration.publicUrl,
  shopName: configuration.shopName,
  sendNow: async (env, id, context) => {
    await sendDue(sendDependencies(env, context), id);
  },
});

export default class Notifications extends WorkerEntrypoint<Env> implements NotificationsApi {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }

  override async queue(batch: MessageBatch): Promise<void> {
    const context = newContext();
    if (batch.queue === ACCOUNT_QUEUE) return await consumeAccountMessages(batch, accountMailDependencies(this.env, context));
    if (batch.queue === OUTBOX_QUEUE) return await this.#sendDue(context);
    const follower = followerOf(this.env);
    const log = logger("notifications", context);
    await consumeWakeUps(batch, { wakeUp: OrderWakeUp, follow: (sources) => followMany(follower, sources), log });
    // The messages are committed: a failure here must not bring the events back.
    await this.#sendDue(context).catch((error: unknown) => log.error("outbox_failed", error));
  }

  override async scheduled(): Promise<void> {
    const context = newContext();
    // One must not keep the other from its turn.
    const results = await Promise.allSettled([
      this.#sendDue(context),
      catchUpAccountMails(accountMailDependencies(this.env, context)),
    ]);
    for (const result of results) {
      if (result.status === "rejected") logger("notifications", context).error("schedule_failed", result.reason);
    }
  }

  async listSent(afterId: string, limit: number): Promise<readonly SentNotification[]> {
    return await listSent(this.env.DATABASE, afterId, limit);
  }

  async catchUp(context: CallContext): Promise<number> {
    const applied = await catchUpAll(followerOf(this.env), await this.env.ORDERS.listSources());
    await this.#sendDue(context);
    return applied;
  }

  async savePushSubscription(orderId: string, subscription: PushSubscription) {
    const parsed = PushSubscription.safeParse(subscription);
    if (!parsed.success) return err({ code: "invalid_subscription" });
    await storePushSubscription(this.env.DATABASE, orderId, parsed.data, systemClock.now());
    return ok(null);
  }

  async #sendDue(context: CallContext): Promise<void> {
    await sendDue(sendDependencies(this.env, context));
  }
}
