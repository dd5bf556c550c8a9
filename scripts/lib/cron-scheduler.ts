/**
 * Fires the cron triggers of the workers' tomls, as the platform does: once in every minute that matches. Neither Miniflare
 * nor `wrangler dev` has a clock of its own. A minute that nobody was awake for is not made up.
 */
import { unstable_readConfig } from "wrangler";
import { configPath, WORKER_CONFIGS } from "../workers.ts";
import { type CronExpression, matchesCron, parseCron } from "./cron-expression.ts";

const MINUTE_MS = 60_000;

export interface CronTrigger {
  readonly worker: string;
  readonly cron: string;
  readonly expression: CronExpression;
}

/** Runs a worker's scheduled handler. @throws when it failed */
export type DispatchScheduled = (worker: string, cron: string, scheduledAtMs: number) => Promise<void>;

export interface CronClock {
  now(): number;
  /** Calls back once after the delay; the answer cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

const systemTimers: CronClock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** @throws when a toml's expression cannot be read: better at the start than at its minute. */
export function cronTriggers(configs: readonly string[] = WORKER_CONFIGS): CronTrigger[] {
  return configs.flatMap((config) => {
    const { name, triggers } = unstable_readConfig({ config: configPath(config) });
    return (triggers.crons ?? []).map((cron: string) => ({ worker: name ?? config, cron, expression: parseCron(cron) }));
  });
}

/**
 * Until stopped. A trigger whose last run is still at work is passed over for that minute.
 * @param report is told of every failure; nothing else hears of it
 */
export function startCron(
  triggers: readonly CronTrigger[],
  dispatch: DispatchScheduled,
  report: (message: string) => void,
  clock: CronClock = systemTimers,
): { stop(): void } {
  const running = new Set<CronTrigger>();
  let stopped = false;
  let cancel = awaitMinute(nextMinute(clock.now()));

  async function fire(trigger: CronTrigger, minuteMs: number): Promise<void> {
    running.add(trigger);
    try {
      await dispatch(trigger.worker, trigger.cron, minuteMs);
    } catch (error) {
      if (!stopped)
        report(`cron "${trigger.cron}" of ${trigger.worker} failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      running.delete(trigger);
    }
  }

  function awaitMinute(minuteMs: number): () => void {
    return clock.after(Math.max(0, minuteMs - clock.now()), () => {
      // Timers may be a little early, or late by a night's sleep: only the minute that it is now counts.
      const nowMs = clock.now();
      if (nowMs >= minuteMs) {
        const thisMinute = nowMs - (nowMs % MINUTE_MS);
        for (const trigger of triggers)
          if (matchesCron(trigger.expression, thisMinute) && !running.has(trigger)) void fire(trigger, thisMinute);
      }
      cancel = awaitMinute(nextMinute(nowMs));
    });
  }

  return {
    stop() {
      stopped = true;
      cancel();
    },
  };
}

function nextMinute(nowMs: number): number {
  return nowMs - (nowMs % MINUTE_MS) + MINUTE_MS;
}
