/** Where one served system dies, one kill after the other: every commit of the saga once, some other points, some moments. Pure. */
import type { Random } from "../random.ts";
import { OTHER_POINTS, SAGA_POINTS } from "./crash-patches.ts";
import type { KillPlan } from "./crashing-system.ts";

export const KILLS_PER_SYSTEM = 25;
const MOMENTS = 7;
/** A crowd of buyers is about as long at it. */
const MOMENT_MAX_MS = 1_000;
/** Points that most buyers pass, so that the n-th passing also meets orders that are further than this one. */
const WELL_VISITED = /:(?:submitted|authorizing|ended|hold|authorize|commit|capture|stock-hold|stock-commit)$/;
const CROSSINGS_MAX = 5;

export function killPlans(random: Random): KillPlan[] {
  const others = random.shuffled(OTHER_POINTS).slice(0, KILLS_PER_SYSTEM - SAGA_POINTS.length - MOMENTS);
  const points = [...SAGA_POINTS, ...others].map(
    (point): KillPlan => ({
      kind: "point",
      point,
      crossing: WELL_VISITED.test(point) ? random.integer(1, CROSSINGS_MAX) : 1,
    }),
  );
  const moments = Array.from(
    { length: MOMENTS },
    (): KillPlan => ({ kind: "moment", afterMs: random.integer(1, MOMENT_MAX_MS) }),
  );
  return random.shuffled([...points, ...moments]);
}
