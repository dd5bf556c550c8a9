/** What every scenario has: how it is run, what it is compared with, and the bar that it has to meet. */
import type { Bar, Measurement, ReferenceName } from "./figure.ts";
import type { Shop } from "./shop.ts";

export interface Load {
  readonly connections: number;
  readonly durationSeconds: number;
  /** It ran a moment ago, and was quickly left. */
  readonly isWarm: boolean;
  /** Of invoices, for the scenario that sells a day of them. */
  readonly dayFile: string | null;
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
  /** What does the same work with none of the logic; the answer when the bar is missed. The fairest first. */
  readonly counterparts?: readonly ReferenceName[];
  readonly bar: Bar | null;
  /** Once is enough of what is too long: in the first round what needs an untouched shop, in the last what leaves another behind. */
  readonly rounds: "every" | "first" | "last";
  /** Where a ratio has to be told exactly: a round in so many seconds, each right after one of what it is compared with. Requests alone. */
  readonly slices?: number;
  /** Part of `--quick`, and so of `npm run check:perf`. */
  readonly quick: boolean;
  run(shop: Shop, load: Load): Promise<Outcome>;
}
