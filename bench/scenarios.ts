/** Every scenario by its name, in the order of measuring. */
import type { Scenario } from "./scenario.ts";
import { BUYING } from "./scenarios/buying.ts";
import { coldStart } from "./scenarios/cold-start.ts";
import { CONTENTION } from "./scenarios/contention.ts";
import { day } from "./scenarios/day.ts";
import { eventLag } from "./scenarios/event-lag.ts";
import { catalogueImport } from "./scenarios/import.ts";
import { mixed } from "./scenarios/mixed.ts";
import { parcelLag } from "./scenarios/parcel-lag.ts";
import { READS } from "./scenarios/reads.ts";
import { SIGNED_IN } from "./scenarios/signed-in.ts";

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ...READS,
  ...SIGNED_IN,
  ...BUYING,
  mixed,
  "event-lag": eventLag,
  "parcel-lag": parcelLag,
  ...CONTENTION,
  day,
  "cold-start": coldStart,
  import: catalogueImport,
};
