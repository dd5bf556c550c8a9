/** Whether two kinds of answers can be told apart by how long they take: samples in turns, judged by ranks. Pure but for the clock. */

/** Milliseconds of each kind, taken in turns. */
export interface Samples {
  readonly known: readonly number[];
  readonly unknown: readonly number[];
}

/** One kind longer in so many of all pairs, and by so much. Either happens by chance alone; both, three times over, does not. */
const SHARE_MAX = 0.7;
const RATIO_MAX = 1.3;
const ROUNDS = 3;

/**
 * Mann–Whitney's statistic with the medians beside it. What looks different is measured again: load passes, a leak stays.
 * @param measure a round of some fifteen samples of each kind
 */
export async function canTellApart(measure: () => Promise<Samples>): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    const { known, unknown } = await measure();
    const share = shareLonger(known, unknown);
    const ratio = median(known) / median(unknown);
    if (Math.max(share, 1 - share) <= SHARE_MAX || Math.max(ratio, 1 / ratio) <= RATIO_MAX) return false;
  }
  return true;
}

/** Of all pairs of one and another, the share in which the first took longer; ties count half. */
function shareLonger(first: readonly number[], second: readonly number[]): number {
  const halves = first.flatMap((a) => second.map((b) => (Math.sign(a - b) + 1) / 2));
  return halves.reduce((sum, half) => sum + half, 0) / halves.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
