/** How a countdown reads and when it is said aloud. Pure. */

const SECOND_MS = 1_000;
const MINUTE_SECONDS = 60;
/** A screen reader says these, not every second. */
const SPOKEN_MINUTES = [10, 5, 2, 1];

/** `14:05`; never below `0:00`. */
export function remainingTime(remainingMs: number): string {
  const seconds = Math.max(0, Math.ceil(remainingMs / SECOND_MS));
  return `${Math.floor(seconds / MINUTE_SECONDS)}:${String(seconds % MINUTE_SECONDS).padStart(2, "0")}`;
}

/** The whole minutes to say when the countdown passes them between two looks; undefined when there is nothing to say. */
export function minutesToSay(beforeMs: number, nowMs: number): number | undefined {
  const passes = (minutes: number) =>
    beforeMs > minutes * MINUTE_SECONDS * SECOND_MS && nowMs <= minutes * MINUTE_SECONDS * SECOND_MS;
  return SPOKEN_MINUTES.filter(passes).at(-1);
}
