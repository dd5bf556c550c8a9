/**
 * Kills the whole system under load, at random moments and at named crash points around every commit of an order, serves
 * the same disk again, and asks three witnesses: the audit, the buyers, and the payment provider's own books.
 */
import { describe, expect, it } from "vitest";
import { Random } from "../random.ts";
import { faultRun, runs, tell } from "../size.ts";
import { Campaign } from "./campaign.ts";
import { KILLS_PER_SYSTEM, killPlans } from "./kill-plans.ts";

const TIMEOUT_MS = 1_800_000;

const { seed } = faultRun();
const kills = runs({ quick: KILLS_PER_SYSTEM, full: 1_000 });
const systems = Array.from({ length: Math.ceil(kills / KILLS_PER_SYSTEM) }, (_, index) => index);

describe("kill -9 of everything, under load", () => {
  it.for(systems)(
    "loses no order, oversells nothing and charges nobody for nothing: system %i",
    { timeout: TIMEOUT_MS },
    async (system, { task }) => {
      const random = new Random(seed + system);
      const plans = killPlans(random).slice(0, kills - system * KILLS_PER_SYSTEM);
      const campaign = await Campaign.start(plans, random);
      const told = () => `seed ${seed}, system ${system}, killed ${campaign.history.join(", ")}`;
      try {
        const found = await campaign.run().catch((error: unknown) => Promise.reject(new Error(told(), { cause: error })));
        expect(found, told()).toEqual([]);
      } finally {
        await campaign.stop();
      }
      tell(task, { row: "F1", what: "kills of the served system", histories: campaign.history.length, places: campaign.places });
    },
  );
});
