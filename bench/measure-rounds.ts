/** Rounds of scenarios, each right after what it is compared with. */
import { step } from "../scripts/lib/progress.ts";
import {
  type Figure,
  type Measured,
  type Measurement,
  median,
  REFERENCES_ALWAYS,
  type ReferenceName,
  type ReferenceRounds,
} from "./figure.ts";
import { untilIdle } from "./process-usage.ts";
import type { References } from "./references.ts";
import type { Outcome, Scenario } from "./scenario.ts";
import type { Shop } from "./shop.ts";

/** Open at a time, to the shop and to the bare runtime. */
export const CONNECTIONS = 32;
/** Long enough to tell a backlog from a pause between two requests. */
const IDLE_WINDOW_MS = 250;
const IDLE_DEADLINE_MS = 60_000;
const LOAD_WARM_UP_SECONDS = 2;
/** Autocannon runs for whole seconds. */
const SLICE_SECONDS = 1;

/** By their names, in the order of measuring. */
export type Scenarios = readonly (readonly [string, Scenario])[];

/** How much of what is measured. */
export interface Plan {
  readonly isQuick: boolean;
  readonly rounds: number;
  /** Of a scenario, in each round. */
  readonly seconds: number;
  readonly dayFile: string | null;
}

/** What a scenario is compared with, and, unless it has to be quick, what answers its bar when it is missed. */
function besideOf({ reference, counterparts = [] }: Scenario, { isQuick }: Plan): readonly ReferenceName[] {
  return isQuick ? [reference] : [...new Set([reference, ...counterparts])];
}

/** What tells a reader what this machine is like, and is not measured beside a scenario. */
function unpaired(scenarios: Scenarios, plan: Plan): readonly ReferenceName[] {
  const paired = new Set(scenarios.flatMap(([, scenario]) => besideOf(scenario, plan)));
  return plan.isQuick ? [] : REFERENCES_ALWAYS.filter((name) => !paired.has(name));
}

function isTurnOf({ rounds: when }: Scenario, round: number, { rounds }: Plan): boolean {
  switch (when) {
    case "every":
      return true;
    case "first":
      return round === 0;
    case "last":
      return round === rounds - 1;
  }
}

const settled = () => untilIdle(IDLE_DEADLINE_MS, IDLE_WINDOW_MS);

type BareRound = readonly [ReferenceName, Measurement];

interface Turn {
  readonly beside: readonly BareRound[];
  readonly outcome: Outcome;
}

/** Each scenario right after what it is compared with, and everything once all that was measured before has left the processor. */
export async function measureRounds(shop: Shop, bare: References, scenarios: Scenarios, plan: Plan): Promise<Measured> {
  const bareRounds: BareRound[] = [];
  const measureBare = async (names: readonly ReferenceName[], durationSeconds: number, isWarm: boolean) => {
    const measured: BareRound[] = [];
    for (const name of names) {
      if (!isWarm) await settled();
      measured.push([name, await bare.measure(name, { durationSeconds, isWarm })]);
    }
    bareRounds.push(...measured);
    return measured;
  };
  const takeTurn = async (scenario: Scenario, isWarm: boolean): Promise<Turn> => {
    const isWhole = scenario.slices === undefined;
    const beside = await measureBare(besideOf(scenario, plan), isWhole ? plan.seconds / 2 : SLICE_SECONDS, isWarm);
    if (!isWarm) await settled();
    const durationSeconds = isWhole ? plan.seconds : SLICE_SECONDS;
    const load = { connections: CONNECTIONS, durationSeconds, isWarm, dayFile: plan.dayFile };
    return { beside, outcome: await scenario.run(shop, load) };
  };
  // The load's own code is compiled with use.
  await bare.measure("helloWorld", { durationSeconds: LOAD_WARM_UP_SECONDS, isWarm: true });
  const turns = new Map<Scenario, Turn[]>(scenarios.map(([, scenario]) => [scenario, []]));
  for (let round = 0; round < plan.rounds; round++) {
    const progress = `Round ${round + 1} of ${plan.rounds}`;
    const others = unpaired(scenarios, plan);
    if (others.length > 0) await step(`${progress}: the bare runtime`, () => measureBare(others, plan.seconds / 2, false));
    for (const [name, scenario] of scenarios) {
      if (!isTurnOf(scenario, round, plan)) continue;
      const { slices = 1 } = scenario;
      await step(`${progress}: ${name}`, async () => {
        for (let slice = 0; slice < slices; slice++) turns.get(scenario)?.push(await takeTurn(scenario, slice > 0));
      });
    }
  }
  const figures = scenarios.flatMap(([name, scenario]) => figureOf(name, scenario, turns.get(scenario) ?? []));
  return { references: byReference(bareRounds), figures };
}

function byReference(rounds: readonly BareRound[]): ReferenceRounds {
  const references: ReferenceRounds = {};
  for (const [name, measurement] of rounds) references[name] = [...(references[name] ?? []), measurement];
  return references;
}

/** None of a scenario that had no turn. */
function figureOf(name: string, scenario: Scenario, turns: readonly Turn[]): Figure[] {
  const last = turns.at(-1);
  if (last === undefined) return [];
  const { title, unit, reference, counterparts = [], bar } = scenario;
  const shares = turns.flatMap(({ outcome }) => outcome.share ?? []);
  return [
    {
      ...{ name, title, unit, reference, counterparts: [...counterparts], bar },
      rounds: turns.map(({ outcome }) => outcome.measurement),
      beside: byReference(turns.flatMap(({ beside }) => beside)),
      share: shares.length === 0 ? null : median(shares),
      note: last.outcome.note ?? "",
    },
  ];
}
