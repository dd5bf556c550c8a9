/**
 * `npm run bench -- --hops [SCENARIO …]`: where the time of a visit goes, hop by hop, from the spans that the shop itself
 * logs. Every second act is left out of the sample: the difference is what tracing costs.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { step } from "../scripts/lib/progress.ts";
import { breakdownOf, type HopBreakdown, type TimedAct } from "./hop-costs.ts";
import { HOP_SCENARIOS, type HopScenario } from "./hop-scenarios.ts";
import { openShop, type Shop } from "./shop.ts";
import { parseSpan, type Span } from "./spans.ts";
import { Visitors } from "./visit.ts";

const WARM_UP_ACTS = 60;
/** Stock is published two seconds after a sale, and a queue waits another for its batch. */
const AFTERMATH_MS = 5_000;

/** @param names of scenarios; all without any */
export async function measureHops(names: readonly string[]): Promise<readonly HopBreakdown[]> {
  const unknown = names.find((name) => HOP_SCENARIOS[name] === undefined);
  if (unknown !== undefined)
    throw new Error(`There are no hops of ${unknown}; there are those of ${Object.keys(HOP_SCENARIOS).join(", ")}.`);
  const spans: Span[] = [];
  const shop = await step("Shop served with tracing, and stocked", () => openShop({ onLog: (line) => take(line, spans) }));
  try {
    const breakdowns: HopBreakdown[] = [];
    for (const [name, scenario] of Object.entries(HOP_SCENARIOS)) {
      if (names.length > 0 && !names.includes(name)) continue;
      breakdowns.push(await step(`Hops of ${name}`, () => traceScenario(shop, name, scenario, spans)));
    }
    return breakdowns;
  } finally {
    await shop.stop();
  }
}

function take(line: string, spans: Span[]): void {
  const span = parseSpan(line);
  if (span === undefined) console.error(line);
  else spans.push(span);
}

async function traceScenario(shop: Shop, name: string, scenario: HopScenario, spans: Span[]): Promise<HopBreakdown> {
  const act = await scenario.prepare(shop);
  const shoppers = Array.from({ length: scenario.shoppers }, () => new TracedShopper(shop.url, act));
  await actAll(shoppers, WARM_UP_ACTS);
  await delay(AFTERMATH_MS);
  spans.length = 0;
  const acts = await actAll(shoppers, scenario.acts);
  await delay(AFTERMATH_MS);
  for (const shopper of shoppers) shopper.leave();
  return breakdownOf(name, scenario.title, spans, acts);
}

async function actAll(shoppers: readonly TracedShopper[], count: number): Promise<readonly TimedAct[]> {
  const acts: TimedAct[] = [];
  let next = 0;
  const buy = async (shopper: TracedShopper) => {
    while (next < count) acts.push(await shopper.act(next++));
  };
  await Promise.all(shoppers.map(buy));
  return acts;
}

/** Asks for a trace of every second act, all over one connection. */
class TracedShopper {
  readonly #act: Awaited<ReturnType<HopScenario["prepare"]>>;
  readonly #visitors: Visitors;
  #traceparent = "";

  constructor(url: string, act: Awaited<ReturnType<HopScenario["prepare"]>>) {
    this.#act = act;
    this.#visitors = new Visitors(url, { further: () => ({ traceparent: this.#traceparent }) });
  }

  async act(index: number): Promise<TimedAct> {
    const traceId = randomBytes(16).toString("hex");
    const isTraced = index % 2 === 0;
    this.#traceparent = `00-${traceId}-${randomBytes(8).toString("hex")}-${isTraced ? "01" : "00"}`;
    const beforeMs = this.#visitors.waitedMs;
    await this.#act(this.#visitors, index);
    return { traceId, isTraced, waitedMs: this.#visitors.waitedMs - beforeMs };
  }

  leave(): void {
    this.#visitors.close();
  }
}
