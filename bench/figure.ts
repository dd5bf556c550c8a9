/** What a run of the bench says: figures, the bars we hold them to, and how they compare with another run's. Pure. */
import * as z from "zod";
import { HopBreakdown } from "./hop-costs.ts";

/** Small ones that every run has, then counterparts of whole scenarios that a run has when they are asked for. */
export const REFERENCE_NAMES = [
  "helloWorld",
  "rpcEcho",
  "singleWrite",
  "d1Read",
  "d1Write",
  "bareRead",
  "bareHold",
  "bareCheckout",
  "bareCheckoutWhole",
  "bareCheckoutPaid",
  "bareCheckoutBusy",
  "bareCheckout10",
  "bareCheckoutWhole10",
] as const;
export type ReferenceName = (typeof REFERENCE_NAMES)[number];
/** Quick, and of use to read any figure by. */
export const REFERENCES_ALWAYS: readonly ReferenceName[] = ["helloWorld", "rpcEcho", "singleWrite", "d1Read", "d1Write"];

const Measurement = z.strictObject({
  perSecond: z.number().nonnegative(),
  p50Ms: z.number().nonnegative(),
  p99Ms: z.number().nonnegative(),
  /** Answers that nobody should get, connections that broke, units sold too many or too few. */
  failures: z.int().nonnegative(),
});
/** One round of a scenario or reference. */
export type Measurement = z.infer<typeof Measurement>;

const Bar = z.strictObject({
  of: z.enum(["ratio", "perSecond", "p99Ms", "share"]),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
});
export type Bar = z.infer<typeof Bar>;

const ReferenceRounds = z.partialRecord(z.enum(REFERENCE_NAMES), z.array(Measurement).min(1));
export type ReferenceRounds = z.infer<typeof ReferenceRounds>;

export const Figure = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** What `perSecond` counts. */
  unit: z.string(),
  reference: z.enum(REFERENCE_NAMES),
  /** References that do the same work with none of the logic: what the runtime allows, beginning with the fairest. */
  counterparts: z.array(z.enum(REFERENCE_NAMES)).default([]),
  bar: Bar.nullable(),
  /** In the order of measuring, at least one. */
  rounds: z.array(Measurement).min(1),
  /** The same rounds of what it is compared with, each measured right before: a slow minute of the machine is slow for both. */
  beside: ReferenceRounds,
  /** Of what the scenario compares itself with, such as goodput of its peak; the median of its rounds. */
  share: z.number().nullable(),
  note: z.string(),
});
export type Figure = z.infer<typeof Figure>;

export const Machine = z.strictObject({ cpu: z.string(), cores: z.int(), memoryMb: z.int(), node: z.string() });

const Watched = z.strictObject({ minutes: z.number(), orders: z.int(), samplesMb: z.array(z.number()) });
/** The memory of one process: after a warm-up, then at equal distances. */
export type Watched = z.infer<typeof Watched>;
/** The shop's, and the bare shop's under the same traffic. */
const Soak = Watched.extend({ bare: Watched.nullable().default(null) });
export type Soak = z.infer<typeof Soak>;

/** Of the samples from a minute on: their middle, and how far the farthest is from it, as a share. Undefined when there are none. */
export function steadiness(
  { minutes, samplesMb }: Watched,
  fromMinute: number,
): { middleMb: number; within: number } | undefined {
  const intervals = samplesMb.length - 1;
  const steady = samplesMb.filter((_, index) => (index / intervals) * minutes >= fromMinute);
  if (steady.length < 2) return undefined;
  const middleMb = (Math.max(...steady) + Math.min(...steady)) / 2;
  return { middleMb, within: (Math.max(...steady) - middleMb) / middleMb };
}

const Measured = z.strictObject({
  /** Every round of each, beside whatever it was measured: for orientation, and the picture. */
  references: ReferenceRounds,
  figures: z.array(Figure),
});
/** Scenarios and the bare runtime beside them. */
export type Measured = z.infer<typeof Measured>;

const Made = z.strictObject({ at: z.iso.datetime(), commit: z.string(), machine: Machine });

export const Run = Measured.extend({
  ...Made.shape,
  /**
   * A run in a new and cold shop, in rounds as short as a quick run's: only with these can a quick run be compared, because longer
   * rounds find code that is compiled better. Made before the rest, or renewed since.
   */
  quick: Measured.extend(Made.shape).nullable().default(null),
  soak: Soak.nullable(),
  hops: z.array(HopBreakdown).default([]),
});
export type Run = z.infer<typeof Run>;

/** Of an odd or even number of values; 0 of none. */
export function median(values: readonly number[]): number {
  const ascending = values.toSorted((left, right) => left - right);
  const upper = ascending[Math.floor(ascending.length / 2)] ?? 0;
  const lower = ascending[Math.ceil(ascending.length / 2) - 1] ?? 0;
  return (upper + lower) / 2;
}

/** Median of each number; failures of all rounds together. */
export function medianOf(rounds: readonly Measurement[]): Measurement {
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
    failures: rounds.reduce((sum, { failures }) => sum + failures, 0),
  };
}

/** Half the distance between the slowest and the fastest round, as a share of their median. */
export function spread(rounds: readonly Measurement[]): number {
  const rates = rounds.map(({ perSecond }) => perSecond);
  const middle = median(rates);
  return middle === 0 ? 0 : (Math.max(...rates) - Math.min(...rates)) / 2 / middle;
}

/** How much of what the bare runtime does, round by round: the median. */
export function ratio({ rounds, reference, beside }: Figure): number {
  return pairedMedian(rounds, beside[reference] ?? [], (ours, bare) => ours.perSecond / bare.perSecond);
}

/** 0 when nothing can be paired. */
function pairedMedian(
  ours: readonly Measurement[],
  bare: readonly Measurement[],
  quotient: (ours: Measurement, bare: Measurement) => number,
): number {
  const quotients = ours.flatMap((round, index) => {
    const other = bare[index];
    return other === undefined ? [] : quotient(round, other);
  });
  return median(quotients.filter(Number.isFinite));
}

/** Of the number that the bar is about; null without a bar. */
export function barred(figure: Figure): number | null {
  if (figure.bar === null) return null;
  const { perSecond, p99Ms } = medianOf(figure.rounds);
  switch (figure.bar.of) {
    case "ratio":
      return ratio(figure);
    case "perSecond":
      return perSecond;
    case "p99Ms":
      return p99Ms;
    case "share":
      return figure.share ?? 0;
  }
}

export function meets(figure: Figure): boolean {
  if (medianOf(figure.rounds).failures > 0) return false;
  const value = barred(figure);
  return value === null || figure.bar === null || within(figure.bar, value);
}

function within({ atLeast = 0, atMost = Number.POSITIVE_INFINITY }: Bar, value: number): boolean {
  return value >= atLeast && value <= atMost;
}

/** What the bare runtime does of the same work, by the measure of the figure's bar. */
export interface Counterpart {
  readonly name: ReferenceName;
  readonly value: number;
  /** False: the runtime forbids what the bar asks for. */
  readonly meets: boolean;
  /** Of its rate that the figure reaches; of a time, its part of ours. */
  readonly reached: number;
}

/** Those of them that were measured beside it. */
export function counterpartsOf(figure: Figure): readonly Counterpart[] {
  const { bar, counterparts, beside } = figure;
  // A share is of a scenario's own peak: nothing else has it.
  if (bar === null || bar.of === "share") return [];
  return counterparts.flatMap((name): Counterpart[] => {
    const rounds = beside[name];
    if (rounds === undefined) return [];
    const value = barred({ ...figure, rounds }) ?? 0;
    const reached = pairedMedian(figure.rounds, rounds, (ours, bare) =>
      bar.of === "p99Ms" ? bare.p99Ms / ours.p99Ms : ours.perSecond / bare.perSecond,
    );
    return [{ name, value, meets: within(bar, value), reached }];
  });
}

/** The part of a run that a quick one is like; one that was not made for a report has only the rest. */
export function asQuick(run: Run): Run {
  return { ...run, ...run.quick };
}

export interface Change {
  readonly name: string;
  readonly title: string;
  readonly before: number;
  readonly now: number;
  /** Below 1: slower against the bare runtime than it was. */
  readonly factor: number;
}

/** Ratios, not rates: another machine, or the same one on a bad day, is no regression. Only figures that both runs have. */
export function compareRuns(before: Measured, now: Measured): readonly Change[] {
  return now.figures.flatMap((figure) => {
    const old = before.figures.find(({ name, reference }) => name === figure.name && reference === figure.reference);
    if (old === undefined) return [];
    const ratios = { before: ratio(old), now: ratio(figure) };
    if (ratios.before === 0) return [];
    return [{ name: figure.name, title: figure.title, ...ratios, factor: ratios.now / ratios.before }];
  });
}
