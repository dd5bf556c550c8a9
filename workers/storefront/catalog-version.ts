/** The catalogue's version as this isolate knows it: what purges pages and the category bar. */
import { guarded } from "../shared/call-peer.ts";
import { systemClock } from "../shared/clock.ts";
import { KnownVersion } from "../shared/known-version.ts";
import type { StorefrontEnv } from "./env.ts";
import type { KnownCatalog } from "./kept-pages.ts";

const DEADLINE_MS = 2_000;

let sinceMs = 0;
const version = new KnownVersion(() => {
  sinceMs = systemClock.now();
});

/** Never throws: without a version nothing is kept, and what was kept may stand in. */
export async function knownCatalog(env: StorefrontEnv, waitUntil: (work: Promise<unknown>) => void): Promise<KnownCatalog> {
  const nowMs = systemClock.now();
  const read = () =>
    guarded({ service: "catalog", deadlineMs: DEADLINE_MS, retries: 1, retryTimeouts: false }, () => env.CATALOG.version());
  const usable = version.usable(nowMs);
  if (usable?.refresh === true) waitUntil(version.refresh(nowMs, read).catch(() => undefined));
  const current = usable?.version ?? (await version.refresh(nowMs, read).catch(() => undefined));
  return { version: current, sinceMs };
}
