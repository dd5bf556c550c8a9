/**
 * A closed crowd against one server: everybody begins anew when done. Exact mean value analysis of one queue and one delay
 * (Reiser and Lavenberg, 1980). Pure.
 */

export interface CrowdPrediction {
  readonly perSecond: number;
  /** From the first request to the last answer. */
  readonly visitMs: number;
}

/**
 * @param serviceMs what a visit takes of the server that serves one thing at a time
 * @param delayMs what it takes besides, however many there are
 */
export function predictCrowd(shoppers: number, serviceMs: number, delayMs: number): CrowdPrediction {
  let waiting = 0;
  let perMs = 0;
  let residenceMs = serviceMs;
  for (let population = 1; population <= shoppers; population++) {
    residenceMs = serviceMs * (1 + waiting);
    perMs = population / (residenceMs + delayMs);
    waiting = perMs * residenceMs;
  }
  return { perSecond: perMs * 1_000, visitMs: residenceMs + delayMs };
}
