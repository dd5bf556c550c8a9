/**
 * F9: the shop under a seeded scheduler in virtual time. Real are the partition with its saga, refunds, publisher and
 * alarm, the cart-wide stock commands, the stock decisions and the followers; in memory are the tables, the provider and
 * the network between them, which loses, repeats, delays and reorders what is sent over it.
 */
import "./simulation/without-platform.ts";

import { describe, expect, it } from "vitest";
import { faultRun, runs, tell } from "../size.ts";
import { FAILED_ONCE } from "./simulation/failed-once.ts";
import { drawHistory } from "./simulation/history.ts";
import { simulate, tellStory } from "./simulation/simulate.ts";

/** Asked of one core; a machine that others use too is given a quarter of it. */
const HISTORIES_PER_MINUTE = 20_000;
const LOADED_MACHINE_SHARE = 0.25;
const YIELD_EVERY = 500;

describe("a history that failed once", () => {
  it.each(Object.entries(FAILED_ONCE))("ends well: %s", async (_, history) => {
    const { violations } = await simulate(history);
    if (violations.length > 0) expect.fail(await tellStory(history));
  });
});

describe("a simulated shop under random faults (F9)", () => {
  it("comes to rest with its books in order, whatever happened", { timeout: 3_600_000 }, async ({ task }) => {
    const { seed } = faultRun();
    const histories = runs({ quick: 20_000, full: 1_000_000 });
    const before = process.cpuUsage();
    let orders = 0;
    let placed = 0;
    for (let index = 0; index < histories; index++) {
      const history = drawHistory((seed + index) >>> 0);
      const outcome = await simulate(history);
      if (outcome.violations.length > 0) expect.fail(await tellStory(history));
      orders += outcome.orders;
      placed += outcome.placed;
      if (index % YIELD_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const { user, system } = process.cpuUsage(before);
    const perMinute = Math.round(histories / ((user + system) / 60e6));
    console.log(`${histories} histories, ${orders} orders, ${placed} placed: ${perMinute} histories a minute of processor time`);
    tell(task, { row: "F9", what: "simulated histories", histories });
    expect(placed).toBeGreaterThan(orders / 10);
    expect(orders - placed).toBeGreaterThan(orders / 10);
    expect(perMinute).toBeGreaterThan(HISTORIES_PER_MINUTE * LOADED_MACHINE_SHARE);
  });
});
