/** For `middleware` of an operators' route: runs before the body is looked at, so that who may not act learns nothing of it. */
import { createMiddleware } from "hono/factory";
import type { ServiceEnv } from "../shared/http.ts";
import { type OperatorScope, requireOperator } from "../shared/principal.ts";
import type { Env } from "./env.ts";

export function operatorOnly(scope: OperatorScope) {
  return createMiddleware<ServiceEnv<Env>>(async (c, next) => {
    requireOperator(c.var.principal, scope);
    await next();
  });
}
