/**
 * Notifications: mails, and SMS and web push when configured, about what happened to orders. Follows the order log, commits
 * each message to its outbox with the cursor, then sends.
 */
import { env as bindings, WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import { guarded, release } from "../../workers/shared/call-peer.ts";
import { systemClock } from "../../workers/shared/clock.ts";
import { HISTORIES_EVENTS_MAX } from "../../workers/shared/compare-with-log.ts";
import { consumeWakeUps } from "../../workers/shared/consume-wake-ups.ts";
import { listCursors } from "../../workers/shared/d1-follower.ts";
import { catchUpMany, followMany } from "../../workers/shared/follow-log.ts";
import { Person } from "../../workers/shared/privacy.ts";
import { advanceRebuild, readRebuild } from "../../workers/shared/rebuild-projection.ts";
import { err, ok } from "../../workers/shared/result.ts";
import { type CallContext, logger, newContext } from "../../workers/shared/telemetry.ts";
import { ORDER_SOURCE_PREFIX, OrderEvent, OrderWakeUp } from "../contracts/order-events.ts";
import { type AccountMailDependencies, catchUpAccountMails, consumeAccountMessages } from "./account-mails.ts";
import type { NotificationChannelSender } from "./channels/channel-sender.ts";
import { emailSender } from "./channels/email-sender.ts";
import { pushSender } from "./channels/push-sender.ts";
import { smsSender } from "./channels/sms-sender.ts";
import { compareMails } from "./compare-log.ts";
import { readConfiguration } from "./configuration.ts";
import { type NotificationsApi, PushSubscription, type SentNotification } from "./contract.ts";
import type { Env } from "./env.ts";
import { orderFollower } from "./follow-orders.ts";
import { erasePerson, exportPerson } from "./person.ts";
import { mailsProjection } from "./projections.ts";
import { findPushSubscription, listSent, storePushSubscription } from "./read-notifications.ts";
import { removeOld } from "./remove-old.ts";
import { notificationRoutes } from "./routes.ts";
import { type SendDependencies, sendDue } from "./send-due.ts";

const Histories = z.array(OrderEvent).max(HISTORIES_EVENTS_MAX);

const ACCOUNT_QUEUE = "account-messages";
const OUTBOX_QUEUE = "notification-outbox";
/** One of the two schedules in wrangler.toml; the other only rings the outbox. */
const CATCH_UP_CRON = "*/5 * * * *";
const SOURCES_POLICY = { service: "orders", deadlineMs: 10_000, retries: 2 } as const;

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
    deadLetters: env.DEAD_LETTERS,
    now: () => systemClock.now(),
  };
}

function followerOf(env: Env) {
  const channels = sendersOf(env).map((sender) => sender.channel);
  const { horizon } = configuration;
  return orderFollower({ database: env.DATABASE, orders: env.ORDERS, channels, horizon, now: () => systemClock.now() });
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
    await consumeWakeUps(batch, {
      wakeUp: OrderWakeUp,
      follow: (sources) => followMany(follower, sources),
      deadLetters: this.env.DEAD_LETTERS,
      log,
    });
    // The messages are committed: a failure here must not bring the events back.
    await this.#sendDue(context).catch((error: unknown) => log.error("outbox_failed", error));
  }

  override async scheduled(controller: ScheduledController): Promise<void> {
    const context = newContext();
    if (controller.cron === CATCH_UP_CRON) {
      await removeOld(this.env.DATABASE, systemClock.now());
      return void (await this.catchUp(context));
    }
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

  async compareWithLog(histories: readonly OrderEvent[]) {
    return await compareMails(this.env.DATABASE, followerOf(this.env), Histories.parse(histories));
  }

  async listCursors() {
    return await listCursors(this.env.DATABASE, ORDER_SOURCE_PREFIX);
  }

  async listProjections() {
    return await Promise.all([mailsProjection(this.env.DATABASE, this.env.ORDERS, () => systemClock.now())].map(readRebuild));
  }

  async rebuildProjection(name: string) {
    const projection = [mailsProjection(this.env.DATABASE, this.env.ORDERS, () => systemClock.now())].find(
      (candidate) => candidate.name === name,
    );
    return projection === undefined ? null : await advanceRebuild(projection, systemClock.now());
  }

  async catchUp(context: CallContext): Promise<number> {
    const sources = await guarded(SOURCES_POLICY, async () => release(await this.env.ORDERS.listSources()));
    try {
      return await catchUpMany(followerOf(this.env), sources);
    } finally {
      // A log that cannot be followed holds up no message of another.
      await this.#sendDue(context);
    }
  }

  async savePushSubscription(orderId: string, subscription: PushSubscription) {
    const parsed = PushSubscription.safeParse(subscription);
    if (!parsed.success) return err({ code: "invalid_subscription" });
    await storePushSubscription(this.env.DATABASE, orderId, parsed.data, systemClock.now());
    return ok(null);
  }

  async exportPerson(person: Person) {
    return await exportPerson(this.env.DATABASE, Person.parse(person));
  }

  async erasePerson(person: Person) {
    return await erasePerson(this.env.DATABASE, Person.parse(person));
  }

  async #sendDue(context: CallContext): Promise<void> {
    await sendDue(sendDependencies(this.env, context));
  }
}
