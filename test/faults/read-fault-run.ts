/** The settings of the fault suites, from the environment of the one process that starts vitest. */
import { randomInt } from "node:crypto";
import * as z from "zod";
import type { FaultRun } from "./size.ts";

/** Quick runs repeat the same histories, so that CI fails only for the change at hand; full runs look for new ones. */
const QUICK_SEED = 20_261_121;
const SEEDS = 2 ** 32;

const environmentSchema = z.object({
  HOLDFAST_FAULTS: z.enum(["quick", "full"]).default("quick"),
  HOLDFAST_SEED: z.coerce
    .number()
    .int()
    .min(0)
    .max(SEEDS - 1)
    .optional(),
  HOLDFAST_SHARE: z.coerce.number().positive().max(1).default(1),
});

export function readFaultRun(environment: NodeJS.ProcessEnv): FaultRun {
  const settings = environmentSchema.parse(environment);
  const size = settings.HOLDFAST_FAULTS;
  return {
    size,
    seed: settings.HOLDFAST_SEED ?? (size === "quick" ? QUICK_SEED : randomInt(SEEDS)),
    share: settings.HOLDFAST_SHARE,
  };
}
