/** Which network a call comes from. Cloudflare writes `cf-connecting-ip` itself; where it does not stand in front, anybody can. */
import type { MiddlewareHandler } from "hono";
import { clientNetwork } from "../shared/client-address.ts";
import type { GatewayConfiguration } from "./configuration.ts";
import type { GatewayHono } from "./env.ts";

/** A local shop has one visitor; workerd does not tell whose socket it is. */
const LOCAL_NETWORK = "127.0.0.1";

export function noteNetwork({ ENVIRONMENT }: Pick<GatewayConfiguration, "ENVIRONMENT">): MiddlewareHandler<GatewayHono> {
  return async (c, next) => {
    c.set("network", networkOf(ENVIRONMENT, c.req.raw.headers));
    await next();
  };
}

/** Pure. @returns undefined when the header is missing or no address. */
export function networkOf(environment: GatewayConfiguration["ENVIRONMENT"], headers: Headers): string | undefined {
  return environment === "local" ? LOCAL_NETWORK : clientNetwork(headers.get("cf-connecting-ip") ?? "");
}
