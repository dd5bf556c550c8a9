/** The category bar's links, kept by the isolate until the catalogue changes: every page needs them. */
import type { Context } from "hono";
import { systemClock } from "../shared/clock.ts";
import { GUEST } from "../shared/principal.ts";
import { knownCatalog } from "./catalog-version.ts";
import type { StorefrontHono } from "./env.ts";
import type { CategoryLink } from "./layout/site-header.tsx";
import { barCategories } from "./peers/categories.ts";

/** Also without a change: what was read right after one may be older than it. */
const FRESH_MS = 30_000;

interface KnownCategories {
  readonly categories: readonly CategoryLink[];
  readonly version: number | undefined;
  readonly readAtMs: number;
}

let known: KnownCategories | undefined;

export async function knownCategories(c: Context<StorefrontHono>): Promise<readonly CategoryLink[]> {
  const { env, call } = c.var.page;
  const nowMs = systemClock.now();
  const { version } = await knownCatalog(env, (work) => c.executionCtx.waitUntil(work));
  const fresh = known !== undefined && known.version === version && Math.abs(nowMs - known.readAtMs) < FRESH_MS;
  if (known !== undefined && (fresh || version === undefined)) return known.categories;
  const categories = await barCategories({ env, call, principal: GUEST });
  // While the catalogue is away, the bar of before is better than none.
  if (categories === undefined) return known?.categories ?? [];
  known = { categories, version, readAtMs: nowMs };
  return categories;
}
