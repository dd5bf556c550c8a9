/**
 * Clients that retry too much, and some that use a key again for something else: one effect a key, whoever came first, and
 * everybody is told the truth about it.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numbers, pooled } from "../../system/pooled.ts";
import { startSystem, type TestSystem } from "../../system/serve-system.ts";
import type { Answer, Problem } from "../../system/shop.ts";
import { Random } from "../random.ts";
import { faultRun, runs, tell } from "../size.ts";
import { isInFlight, PatientShop } from "./patient-shop.ts";
import { makeStorm, type StockTally, type Storm, verifyTally, type Winner } from "./storms.ts";

/** Of each key's requests, all but the last come at once; two of the ten have the other body. */
const REQUESTS_PER_KEY = 10;
const BODIES: readonly Winner[] = [0, 0, 0, 0, 0, 0, 0, 1, 1];
const OPENING_UNITS = 100_000;
const TIMEOUT_MS = 3_600_000;

const { seed } = faultRun();
const requests = runs({ quick: 2_000, full: 100_000 });

let system: TestSystem;
let shop: PatientShop;
const tally: StockTally = { sku: "STORM", units: OPENING_UNITS };

beforeAll(async () => {
  system = await startSystem();
  // An answer that says "in flight" is what this is about, so it is taken at its first word.
  shop = new PatientShop(system, { inFlightMs: 0 });
  await shop.importProducts([{ sku: tally.sku, priceMinor: 1_000, stock: OPENING_UNITS }]);
});
afterAll(() => system?.stop());

describe("a retry storm", () => {
  it("has one effect per key: in flight, replayed or refused for another body, but never done twice", {
    timeout: TIMEOUT_MS,
  }, async ({ task }) => {
    const random = new Random(seed);
    const storms = numbers(Math.ceil(requests / REQUESTS_PER_KEY)).map((index) => ({
      name: `s${seed}-${index}`,
      random: new Random(random.bits()),
    }));
    const kinds = new Map<string, number>();
    await pooled(storms, async ({ name, random: own }) => {
      const storm = await makeStorm({ shop, tally, random: own, name });
      kinds.set(storm.what, (kinds.get(storm.what) ?? 0) + 1);
      await weather(storm, own, `${storm.what}, key storm-${name}, seed ${seed}`);
    });
    await verifyTally(shop, tally);
    expect(shop.bugs).toEqual([]);
    expect(await shop.violations()).toEqual([]);
    tell(task, { row: "F7", what: "requests of retry storms", histories: storms.length * REQUESTS_PER_KEY });
  });
});

async function weather(storm: Storm, random: Random, told: string): Promise<void> {
  const bodies = random.shuffled(BODIES);
  const answers = await Promise.all(bodies.map(async (which) => ({ which, answer: await storm.send(which) })));
  const firsts = answers.filter(({ answer }) => !isInFlight(answer) && !isReused(answer) && !isReplay(answer));
  expect(firsts, told).toHaveLength(1);
  const [first] = firsts;
  if (first === undefined) return;
  for (const { which, answer } of answers) if (answer !== first.answer) expectRefusalOrReplay(which, answer, first, told);
  const late = await storm.send(first.which);
  expect(isReplay(late), told).toBe(true);
  expectRefusalOrReplay(first.which, late, first, told);
  await storm.verify(first.which, first.answer);
}

interface First {
  readonly which: Winner;
  readonly answer: Answer;
}

function expectRefusalOrReplay(which: Winner, answer: Answer, first: First, told: string): void {
  if (which !== first.which) {
    expect(isReused(answer), `${told}: another body got ${answer.status} ${JSON.stringify(answer.body)}`).toBe(true);
  } else if (isInFlight(answer)) {
    expect(Number(answer.headers.get("retry-after")), told).toBeGreaterThanOrEqual(1);
  } else {
    expect([answer.status, answer.body, isReplay(answer)], told).toEqual([first.answer.status, first.answer.body, true]);
  }
}

function isReused(answer: Answer): boolean {
  return answer.status === 422 && (answer.body as Partial<Problem>).code === "idempotency_key_reused";
}

function isReplay(answer: Answer): boolean {
  return answer.headers.get("idempotent-replayed") === "true";
}
