/**
 * The stage that sends paths to an older shop while it is being replaced. It stands before load shedding: the old shop's
 * slowness is none of ours. A client's credentials are not verified for a path that is not ours; it counts as a stranger.
 */
import type { Context, MiddlewareHandler } from "hono";
import { SIDE_COOKIE } from "../../shared/page-cookies.ts";
import { GUEST } from "../../shared/principal.ts";
import type { GatewayHono } from "../env.ts";
import type { RateLimiter } from "../limit-rate.ts";
import { isReserved } from "../routing-table.ts";
import { askLegacy, type CallerRules, legacyName } from "./ask-legacy.ts";
import { clientOf, staysWithLegacy } from "./choose-side.ts";
import { ruleFor, type StranglerRules } from "./rules.ts";

const SIDE_COOKIE_SECONDS = 90 * 24 * 60 * 60;

export interface StranglerSettings extends CallerRules {
  readonly rules: StranglerRules;
  readonly limiter: Pick<RateLimiter, "count">;
}

export function strangle({ rules, limiter, ...caller }: StranglerSettings): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    const rule = ruleFor(rules, c.req.method, c.req.path);
    if (rule?.legacy === undefined) return await next();
    const client = clientOf(c.req.raw.headers, c.get("network"));
    if (staysWithLegacy(client.bucket, rule.percent)) {
      c.set("servedBy", legacyName(rule.legacy));
      c.res = limiter.count(c, GUEST) ?? (await askLegacy(c, rule.legacy, caller));
    } else {
      await next();
    }
    const isDivided = rule.percent > 0 && rule.percent < 100;
    if (isDivided && !client.remembered && !isReserved(c.req.path)) remember(c, client.bucket);
    return undefined;
  };
}

/** Where a rule divides the visitors, a browser keeps its side, also when it signs in or moves to another network. */
function remember(c: Context<GatewayHono>, bucket: number): void {
  const { headers } = c.res;
  headers.append(
    "set-cookie",
    `${SIDE_COOKIE}=${bucket}; Path=/; Max-Age=${SIDE_COOKIE_SECONDS}; Secure; HttpOnly; SameSite=Lax`,
  );
  headers.set("cache-control", "private, no-store");
}
