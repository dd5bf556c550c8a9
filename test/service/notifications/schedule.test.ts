/** What the schedule brings back when every message was lost and nothing more happens. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Env, OutboxWake } from "../../../queues/notifications/env.ts";
import Notifications from "../../../queues/notifications/index.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import type { FakeOrders } from "./fakes/fake-owner.ts";
import { makeOrder, PartitionLog } from "./fixtures.ts";

const bindings = env as unknown as Env & { readonly ORDERS: FakeOrders };
const mails: string[] = [];
const HOUR_MS = 3_600_000;

function worker(orders: Env["ORDERS"] = bindings.ORDERS): Notifications {
  return new Notifications(createExecutionContext(), {
    DATABASE: bindings.DATABASE,
    ORDERS: orders,
    IDENTITY: bindings.IDENTITY,
    MAIL: {
      async send(mail: { headers: Record<string, string> }) {
        mails.push(mail.headers["X-Entity-Ref-ID"] ?? "");
        return { messageId: "<1@mail>" };
      },
    } as unknown as SendEmail,
    OUTBOX: { async send() {} } as unknown as Queue<OutboxWake>,
    DEAD_LETTERS: bindings.DEAD_LETTERS,
  });
}

const scheduled = (cron: string) => ({ cron, scheduledTime: Date.now(), noRetry: () => undefined });

describe("the schedule of notifications", () => {
  beforeEach(async () => {
    mails.length = 0;
    await bindings.ORDERS.reset();
    for (const table of ["follower_cursors", "notifications", "outbox_alarm"])
      await bindings.DATABASE.exec(`DELETE FROM ${table}`);
  });

  it("finds what every message was lost about, and is not held up by a log that cannot be followed", async () => {
    const [broken, sound] = [new PartitionLog("0-1"), new PartitionLog("0-2")];
    const order = makeOrder();
    broken.submitted(order);
    broken.placed(order);
    sound.placed(order);
    await bindings.ORDERS.addOrder(order);
    await bindings.ORDERS.addEvents([...broken.events.slice(1), ...sound.events]);
    await worker().scheduled(scheduled("* * * * *"));
    expect(mails).toEqual([]);
    await expect(worker().scheduled(scheduled("*/5 * * * *"))).rejects.toThrow("1 of 1 logs could not be followed");
    expect(mails).toEqual([`${sound.source}#1/order_confirmation`]);
  });

  it("keeps what is too old to be news as skipped, so that a database that was set back does not tell it twice", async () => {
    const log = new PartitionLog("0-1");
    const [old, fresh] = [makeOrder(), makeOrder()];
    log.placed(old, Date.now() - 73 * HOUR_MS);
    log.placed(fresh, Date.now() - 71 * HOUR_MS);
    for (const order of [old, fresh]) await bindings.ORDERS.addOrder(order);
    await bindings.ORDERS.addEvents(log.events);
    await worker().scheduled(scheduled("*/5 * * * *"));
    expect(mails).toEqual([`${log.source}#2/order_confirmation`]);
    const { results } = await bindings.DATABASE.prepare(
      "SELECT order_id, status, error FROM notifications ORDER BY event_id",
    ).all();
    expect(results).toEqual([
      { order_id: old.id, status: "skipped", error: "too_old" },
      { order_id: fresh.id, status: "sent", error: null },
    ]);
  });

  it("catches up with sixty-four logs in a handful of calls: one invocation may call other workers thirty-two times", async () => {
    const order = makeOrder();
    for (let number = 0; number < 64; number++) {
      const log = new PartitionLog(`0-${number}`);
      log.submitted(order);
      await bindings.ORDERS.addEvents(log.events);
    }
    let calls = 0;
    const counted = new Proxy(bindings.ORDERS, {
      get(orders, method) {
        calls += 1;
        return Reflect.get(orders, method);
      },
    });
    expect(await worker(counted).catchUp(newContext())).toBe(64);
    expect(calls).toBeLessThan(16);
  });
});
