/** F2: every call between two parts of the shop breaks in every way, once. The order is placed or undone, and nobody was lied to. */
import { describe, it } from "vitest";
import { Random } from "../random.ts";
import { FAULTS } from "../rig/fault.ts";
import { runHistories } from "../rig/histories.ts";
import { faultRun, runs, tell } from "../size.ts";
import { liveScenario } from "./f02-live.ts";
import { SCENARIOS, type Scenario } from "./f02-scenarios.ts";

/** Nothing to see in histories without a second actor: a slow call only takes longer. */
const KINDS = FAULTS.filter((fault) => fault !== "slow" && fault !== "slow_answer");

const FAULTS_PER_EDGE = 3;

/** A place where a fault can strike: the nth call of an edge in a scenario. */
interface Place {
  readonly scenario: Scenario;
  readonly edge: string;
  readonly occurrence: number;
}

/** Every call that the scenarios make when nothing breaks. */
async function findPlaces(): Promise<Place[]> {
  const places: Place[] = [];
  await runHistories("F2 without faults", SCENARIOS.length, async (history) => {
    const scenario = SCENARIOS[history.number];
    if (scenario === undefined) return;
    const seen: Place[] = [];
    await liveScenario(scenario, history, ({ edge, occurrence }) => {
      seen.push({ scenario, edge, occurrence });
      return undefined;
    });
    places.push(...seen);
  });
  return places;
}

describe("F2, calls that break", () => {
  it("ends every order whole, whichever call breaks in whichever way", { timeout: 3_600_000 }, async ({ task }) => {
    const places = await findPlaces();
    const edges = [...new Set(places.map(({ edge }) => edge))].sort();
    const isFull = faultRun().size === "full";
    const histories = runs({ quick: FAULTS_PER_EDGE * edges.length, full: places.length * KINDS.length });
    // A part of a full run takes the first of them.
    const order = isFull ? new Random(faultRun().seed).shuffled([...Array(places.length * KINDS.length).keys()]) : [];
    let struck = 0;
    await runHistories("F2", histories, async (history) => {
      const { number, random } = history;
      const edge = edges[number % edges.length];
      const nth = order[number] ?? 0;
      const place = isFull ? places[nth % places.length] : random.pick(places.filter((other) => other.edge === edge));
      const fault = isFull ? KINDS[Math.floor(nth / places.length)] : random.pick(KINDS);
      if (place === undefined) throw new Error("there is nothing to break");
      history.note(`${place.scenario.name}: ${fault} at ${place.edge} #${place.occurrence}`);
      struck += await liveScenario(place.scenario, history, (call) =>
        call.edge === place.edge && call.occurrence === place.occurrence ? fault : undefined,
      );
    });
    tell(task, { row: "F2", what: `broken calls of ${edges.length} edges`, histories: struck });
  });
});
