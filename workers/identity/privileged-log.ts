/** The one object that keeps the log of privileged acts. A stub is broken after any error, so each call takes a new one. */
import type { Env } from "./env.ts";

const LOG_NAME = "log";

export function privilegedLog(env: Env) {
  return env.PRIVILEGED_LOG.getByName(LOG_NAME);
}
