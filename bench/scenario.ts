/** What every scenario has: how it is run, what it is compared with, and the bar that it has to meet. */
import type { Bar, Measurement, ReferenceName } from "./figure.ts";
import type { Shop } from "./shop.ts";

export interface Load {
  readonly connections: number;
  readonly durationSeconds: number;
  /** Counts from 0; a scenario that uses something up takes another each time. */
  readonly round: number;
}

export interface Outcome {
  readonly measurement: Measurement;
  readonly note?: string;
  /** Of what the scenario compares itself with. */
  readonly share?: number;
}

export interface Scenario {
  readonly title: string;
  /** What its rate counts. */
  readonly unit: string;
  readonly reference: ReferenceName;
  readonly bar: Bar | null;
  /** False for what is too long, or changes the shop too much, to be done again. */
  readonly repeats: boolean;
  /** Part of `--quick`, and so of `npm run check:perf`. */
  readonly quick: boolean;
  run(shop: Shop, load: Load): Promise<Outcome>;
}
