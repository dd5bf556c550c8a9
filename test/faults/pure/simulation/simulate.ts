/** Runs histories, and makes the smallest one that still fails from one that failed. */
import { describeDeed, schedule, type Told } from "./act.ts";
import type { History } from "./history.ts";
import { judge, wasPlaced } from "./judge.ts";
import { resetBreakers } from "./reset-breakers.ts";
import { SimulatedShop } from "./simulated-shop.ts";

export interface Outcome {
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  readonly orders: number;
  readonly placed: number;
}

export async function simulate(history: History, tracing = false): Promise<Outcome> {
  const told: Told = { checkouts: new Map(), cancelled: new Set(), refunded: new Set() };
  const shop = new SimulatedShop(history, tracing);
  await resetBreakers(shop.time);
  const restore = captureLogs(shop);
  try {
    schedule(shop, history, told);
    await shop.run();
  } catch (error) {
    shop.violations.push(`threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    restore();
  }
  const orders = [...shop.tables.orders.values()];
  return {
    violations: judge(shop, told),
    trace: shop.trace,
    orders: orders.length,
    placed: orders.filter(wasPlaced).length,
  };
}

/** Drops whatever can be left out: the failure stays, the story becomes readable. */
export async function shrink(failing: History): Promise<History> {
  let smallest = failing;
  for (let changed = true; changed; ) {
    changed = false;
    for (const candidate of smallerOnes(smallest)) {
      if ((await simulate(candidate)).violations.length === 0) continue;
      smallest = candidate;
      changed = true;
      break;
    }
  }
  return smallest;
}

function smallerOnes(history: History): History[] {
  const { happenings, fates } = history;
  return [
    ...happenings.map((_, index) => ({ ...history, happenings: happenings.toSpliced(index, 1) })),
    ...fates.map((_, index) => ({ ...history, fates: fates.toSpliced(index, 1) })),
    ...happenings.flatMap((happening, index) => {
      if (happening.kind !== "buy" || happening.lines.length === 1) return [];
      return happening.lines.map((_, line) => {
        const fewer = { ...happening, lines: happening.lines.toSpliced(line, 1) };
        return { ...history, happenings: happenings.with(index, fewer) };
      });
    }),
  ];
}

/** What a person reads who has to find the fault. */
export async function tellStory(failing: History): Promise<string> {
  const smallest = await shrink(failing);
  const { violations, trace } = await simulate(smallest, true);
  const { seed, stock, backorderable, happenings, fates } = smallest;
  return [
    ...violations,
    "",
    `Seed ${seed}. Again: HOLDFAST_SEED=${seed} npx vitest run --project faults test/faults/pure/f09-simulation.test.ts`,
    `stock ${JSON.stringify(stock)}${backorderable ? ", backorderable" : ""}`,
    ...happenings.map(({ atMs, ...deed }) => `at ${atMs} ms: ${describeDeed(deed)}`),
    ...fates.map(({ kind, nth, fate }) => `${kind} ${nth}: ${fate}`),
    "",
    ...trace,
  ].join("\n");
}

/** Logged faults of the shop's own code are findings; what the history brought about is not worth a line. */
function captureLogs(shop: SimulatedShop): () => void {
  const { error, warn } = console;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  console.warn = () => undefined;
  console.error = (line: unknown) => {
    const text = String(line);
    if (!text.includes('"event":"publish_failed"')) shop.violations.push(`logged: ${text}`);
  };
  return () => {
    Object.assign(console, { error, warn });
    Error.stackTraceLimit = stackTraceLimit;
  };
}
