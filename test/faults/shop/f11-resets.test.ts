/**
 * F11: objects lose their memory in the middle of a saga, several times and at any step; and wake up on a database of
 * another release. The order ends all the same.
 */
import { abortAllDurableObjects, evictAllDurableObjects } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Random } from "../random.ts";
import { auditShop } from "../rig/audit-shop.ts";
import { quiesce } from "../rig/clock.ts";
import type { EdgeCall, Fault } from "../rig/fault.ts";
import { type FaultPlan, switchboard } from "../rig/faulty-binding.ts";
import { runHistories } from "../rig/histories.ts";
import { CARDS, openShop } from "../rig/shop.ts";
import { Shopper } from "../rig/shopper.ts";
import { runs, tell } from "../size.ts";
import { liveScenario } from "./f02-live.ts";
import { SCENARIOS } from "./f02-scenarios.ts";
import { addUnknownColumns, PARTITION_1, SKU_STOCK_1, turnInto } from "./f11-old-databases.ts";

/** More in a row than a client repeats is an outage, not a reset. */
const RESETS_MAX = 3;

/** Objects call at these edges, or are called. */
function resetsAt({ edge }: EdgeCall): readonly Fault[] {
  if (/^(?:partition|sku)>/.test(edge)) return ["crash_before", "crash_after"];
  return /^(?:inventory>sku|sandbox>account|orders>partition)\./.test(edge) ? ["reset_before", "reset_after"] : [];
}

function resets(random: Random): FaultPlan {
  let left = random.integer(1, RESETS_MAX);
  return (call) => {
    const kinds = resetsAt(call);
    if (kinds.length === 0 || left === 0 || !random.oneIn(8)) return undefined;
    left -= 1;
    return random.pick(kinds);
  };
}

function stubsOf(binding: string): DurableObjectStub[] {
  return [...switchboard.touched].flatMap(([name, { stub }]) => (name.startsWith(binding) ? [stub()] : []));
}

/** Databases that an object may find when it wakes up. */
const DATABASES = [
  {
    name: "the first release's",
    change: async () => {
      for (const stub of stubsOf("CHECKOUT_PARTITION/")) await turnInto(stub, PARTITION_1);
      for (const stub of stubsOf("SKU_STOCK/")) await turnInto(stub, SKU_STOCK_1);
    },
  },
  {
    name: "a later release's",
    change: async () => {
      for (const stub of stubsOf("CHECKOUT_PARTITION/")) await addUnknownColumns(stub, PARTITION_1);
      for (const stub of stubsOf("SKU_STOCK/")) await addUnknownColumns(stub, SKU_STOCK_1);
    },
  },
] as const;

describe("F11, objects that lose their memory", () => {
  it("ends every order whole, however often its objects are reset on the way", { timeout: 3_600_000 }, async ({ task }) => {
    const histories = runs({ quick: 20, full: 500 });
    await runHistories("F11", histories, async (history) => {
      const scenario = history.random.pick(SCENARIOS);
      history.note(scenario.name);
      if (history.random.oneIn(4)) await evictAllDurableObjects();
      if (history.random.oneIn(4)) await abortAllDurableObjects();
      await liveScenario(scenario, history, resets(history.random));
    });
    tell(task, { row: "F11", what: "resets in mid-saga", histories });
  });

  it.for(DATABASES)("goes on in mid-saga on $name database", async ({ change }, { task }) => {
    const shop = await openShop();
    const sku = await shop.sku(5);
    const steps = ["partition>payments.authorize", "partition>inventory.commit", "partition>payments.capture"];
    const shoppers: Shopper[] = [];
    for (const step of steps) {
      switchboard.inject(({ edge }) => (edge === step ? "overloaded" : undefined));
      const shopper = new Shopper(shop, await shop.cart({ [sku]: 1 }), CARDS.good);
      expect((await shopper.checkout()).body.order.status).toBe("submitted");
      shoppers.push(shopper);
    }
    await change();
    await quiesce();
    for (const shopper of shoppers) expect((await shopper.checkout()).status).toBe(201);
    expect(await shop.available(sku)).toBe(5 - shoppers.length);
    expect(await auditShop()).toEqual([]);
    tell(task, { row: "F11", what: "orders on another release's database", histories: steps.length });
  });
});
