/** Lives one scenario under a plan of faults, lets it come to rest, and holds it against how it must end. */
import { expect } from "vitest";
import { quiesce } from "../rig/clock.ts";
import { type FaultPlan, switchboard } from "../rig/faulty-binding.ts";
import type { History } from "../rig/histories.ts";
import { openShop } from "../rig/shop.ts";
import type { Scenario } from "./f02-scenarios.ts";

/** The faults end with the scenario; then the shopper asks once more. @returns how many faults struck */
export async function liveScenario(scenario: Scenario, history: History, plan: FaultPlan): Promise<number> {
  const shop = await openShop();
  const skus = await Promise.all(scenario.stock.map((units) => shop.sku(units)));
  switchboard.inject(plan);
  const shopper = await scenario.live(shop, skus, history);
  const injected = [...switchboard.injected];
  history.note(`injected: ${injected.map(({ edge, occurrence, fault }) => `${fault} at ${edge} #${occurrence}`).join(", ")}`);
  await quiesce();
  const last = await shopper.checkout();
  await quiesce();
  const { orderId } = shopper;
  history.note(`in the end: ${last.status} ${last.body.code ?? ""} ${orderId ?? ""}`);
  if (orderId !== undefined) {
    const order = await shop.order(orderId);
    expect(shopper.lies(order)).toEqual([]);
    expect(order.status).toBe(scenario.end);
  }
  const left = await Promise.all(skus.map((sku) => shop.available(sku)));
  expect(left).toEqual(scenario.stock.map((units, place) => units - (scenario.sold[place] ?? 0)));
  return injected.length;
}
