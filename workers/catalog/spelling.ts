/** Which known word a mistyped one, or half of one, most likely means: the nearest by Damerau–Levenshtein, then the most frequent. Pure. */

export interface Word {
  readonly term: string;
  /** Products that have it. */
  readonly documents: number;
}

/** Short words are one letter away from too many others. */
export function editsAllowed(term: string): number {
  const length = [...term].length;
  if (length < 4 || /^\p{N}+$/u.test(term)) return 0;
  return length < 7 ? 1 : 2;
}

export function nearestWord(term: string, candidates: readonly Word[]): string | null {
  const letters = [...term];
  let best: Word | null = null;
  let bestDistance = editsAllowed(term) + 1;
  for (const word of candidates) {
    const distance = editDistance(letters, [...word.term], Math.min(bestDistance, editsAllowed(term)));
    if (distance > editsAllowed(term)) continue;
    if (distance < bestDistance || (distance === bestDistance && word.documents > (best?.documents ?? 0))) {
      best = word;
      bestDistance = distance;
    }
  }
  return best?.term ?? null;
}

/** The same for half a word: the nearest beginning of a known word, about as long as what is typed. */
export function nearestBeginning(term: string, candidates: readonly Word[]): string | null {
  const letters = [...term];
  const allowed = editsAllowed(term);
  let best: Word | null = null;
  let bestDistance = allowed + 1;
  for (const word of candidates) {
    const distance = beginningDistance(letters, [...word.term], Math.min(bestDistance, allowed));
    if (distance > allowed) continue;
    if (distance < bestDistance || (distance === bestDistance && word.documents > (best?.documents ?? 0))) {
      best = word;
      bestDistance = distance;
    }
  }
  return best?.term ?? null;
}

/** A typed beginning has as many letters as the right one, give or take what is missing or too many. */
function beginningDistance(typed: readonly string[], word: readonly string[], limit: number): number {
  let least = limit + 1;
  for (let length = typed.length - limit; length <= typed.length + limit; length++) {
    if (length < 1 || length > word.length) continue;
    least = Math.min(least, editDistance(typed, word.slice(0, length), limit));
  }
  return least;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), given up above `limit`.
 * @returns the distance, or `limit + 1` when it is more.
 */
export function editDistance(a: readonly string[], b: readonly string[], limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) distance = Math.min(distance, at(beforePrevious, j - 2) + 1);
      current.push(distance);
      least = Math.min(least, distance);
    }
    if (least > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(at(previous, b.length), limit + 1);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
