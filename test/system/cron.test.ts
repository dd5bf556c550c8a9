/** The tomls' cron triggers on the served system: its clock is the test's, its workers are the real ones. */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cronTriggers, startCron } from "../../scripts/lib/cron-scheduler.ts";
import { dispatchByMiniflare } from "../../scripts/lib/dispatch-scheduled.ts";
import { type ServedSystem, serveSystem } from "../../scripts/lib/serve-system.ts";
import { ManualClock } from "../manual-clock.ts";
import { TEST_SECRETS } from "../secrets.ts";
import { migratedState } from "./migrated-state.ts";

/** A message that every wake-up of the outbox missed. */
const FORGOTTEN = `
  INSERT INTO notifications (id, order_id, event_id, template, channel, details, status, attempts, next_attempt_at_ms, created_at_ms)
  VALUES ('ntf_forgotten', 'ord_00000000000000000000000000', 'event', 'order_confirmation', 'email',
          '{"template":"order_confirmation"}', 'queued', 0, 0, 0)`;

describe("the served system's schedule", () => {
  let stateDirectory = "";
  let system: ServedSystem;

  beforeAll(async () => {
    stateDirectory = await migratedState();
    const variables = { ...TEST_SECRETS, PUBLIC_URL: "http://localhost", LOG_LEVEL: "error" };
    system = await serveSystem({ host: "127.0.0.1", port: 0, stateDirectory, variables });
  });

  afterAll(async () => {
    await system?.stop();
    await rm(stateDirectory, { recursive: true, force: true });
  });

  it("runs every worker's scheduled handler at its minutes, so that nothing waits for a lost message", async () => {
    const database = await system.miniflare.getD1Database("DATABASE", "holdfast-notifications");
    await database.prepare(FORGOTTEN).run();
    const dispatch = dispatchByMiniflare(system.miniflare);
    const ran: string[] = [];
    const failures: string[] = [];
    const clock = new ManualClock("2026-11-21T07:14:20Z");
    const cron = startCron(
      cronTriggers(),
      async (worker, expression, atMs) => {
        await dispatch(worker, expression, atMs);
        ran.push(worker);
      },
      (message) => failures.push(message),
      clock,
    );
    await clock.move(60_000);
    await vi.waitFor(
      () =>
        expect(ran.sort()).toEqual(
          cronTriggers()
            .map(({ worker }) => worker)
            .sort(),
        ),
      {
        timeout: 20_000,
      },
    );
    cron.stop();
    expect(failures).toEqual([]);
    const row = await database.prepare("SELECT status, attempts FROM notifications WHERE id = 'ntf_forgotten'").first();
    expect(row).toMatchObject({ attempts: 1, status: "failed" });
  });
});
