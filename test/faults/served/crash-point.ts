/**
 * A crash point, as it is built into the workers of a crashing system: it tells the test's process where the work stands,
 * and that process may end this one before the answer comes back. Writes made before are durable by then, because nothing
 * leaves an object before they are.
 */
import { env } from "cloudflare:workers";

interface CrashBindings {
  /** Answered by the test's process. */
  readonly CRASH: { fetch(url: string): Promise<Response> };
  /** The points that the test wants to hear of in this life of the process; the others cost nothing. */
  readonly CRASH_POINTS: string;
}

const { CRASH, CRASH_POINTS } = env as unknown as CrashBindings;
const watched = new Set(CRASH_POINTS.split(","));

/** @param subject the id of what is worked on. */
export async function crashPoint(point: string, subject: string): Promise<void> {
  if (!watched.has(point)) return;
  const response = await CRASH.fetch(`http://crash/?${new URLSearchParams({ point, subject })}`);
  await response.body?.cancel();
}
