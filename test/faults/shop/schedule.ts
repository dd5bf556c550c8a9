/** The followers' cron triggers, as their configs have them: what is proved about time is proved about the real schedule. */
import analyticsConfig from "../../../queues/analytics/wrangler.toml?raw";
import notificationsConfig from "../../../queues/notifications/wrangler.toml?raw";
import { matchesCron, parseCron } from "../../../scripts/lib/cron-expression.ts";
import ordersConfig from "../../../workers/orders/wrangler.toml?raw";
import paymentsConfig from "../../../workers/payments/wrangler.toml?raw";
import { here } from "../rig/wiring.ts";

interface Trigger {
  readonly worker: string;
  readonly cron: string;
  run(controller: ScheduledController): Promise<void>;
}

const TRIGGERS: readonly Trigger[] = [
  ...triggersOf("orders", ordersConfig, () => here.orders().scheduled()),
  ...triggersOf("payments", paymentsConfig, () => here.payments().scheduled()),
  ...triggersOf("analytics", analyticsConfig, () => here.analytics().scheduled()),
  ...triggersOf("notifications", notificationsConfig, (controller) => here.notifications().scheduled(controller)),
];

function triggersOf(worker: string, config: string, run: Trigger["run"]): Trigger[] {
  const crons = /^crons = (\[.*\])$/m.exec(config)?.[1];
  if (crons === undefined) throw new Error(`${worker} has no schedule`);
  return (JSON.parse(crons) as string[]).map((cron) => ({ worker, cron, run }));
}

/** Runs what is due in this minute. A run that fails is forgotten, as the platform does. */
export async function runSchedule(minuteMs: number, isDown: (worker: string) => boolean): Promise<void> {
  for (const { worker, cron, run } of TRIGGERS) {
    if (isDown(worker) || !matchesCron(parseCron(cron), minuteMs)) continue;
    await run({ cron, scheduledTime: minuteMs, noRetry: () => undefined }).catch(() => undefined);
  }
}
