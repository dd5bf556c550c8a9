/**
 * Where new carts live: the region near the shopper's continent, a random number within it. Pure but for the random
 * number. Region numbers are part of every id and never change their meaning.
 */
import type { Partition } from "../shared/identifiers.ts";

interface Region {
  readonly region: number;
  readonly locationHint: DurableObjectLocationHint;
}

/** Shoppers without a known continent (Antarctica, Tor, local runs). Its objects live wherever the first shopper is. */
const DEFAULT_REGION = 0;

const REGIONS: ReadonlyMap<string, Region> = new Map<string, Region>([
  ["EU", { region: 1, locationHint: "weur" }],
  ["NA", { region: 2, locationHint: "enam" }],
  ["SA", { region: 3, locationHint: "sam" }],
  ["AS", { region: 4, locationHint: "apac" }],
  ["OC", { region: 5, locationHint: "oc" }],
  ["AF", { region: 6, locationHint: "afr" }],
]);

const hintsByRegion = new Map([...REGIONS.values()].map(({ region, locationHint }) => [region, locationHint]));

/** @param random in [0, 1) */
export function placePartition(continent: string | undefined, partitionsPerRegion: number, random: number): Partition {
  const region = REGIONS.get(continent ?? "")?.region ?? DEFAULT_REGION;
  return { region, number: Math.min(partitionsPerRegion - 1, Math.floor(random * partitionsPerRegion)) };
}

export function locationHintOf(partition: Partition): DurableObjectLocationHint | undefined {
  return hintsByRegion.get(partition.region);
}

/** False for partitions that this configuration would never choose; older configurations may have. */
export function isConfigured(partition: Partition, partitionsPerRegion: number): boolean {
  const knownRegion = partition.region === DEFAULT_REGION || hintsByRegion.has(partition.region);
  return knownRegion && partition.number < partitionsPerRegion;
}
