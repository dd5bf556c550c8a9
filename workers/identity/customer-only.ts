/** For `middleware` of a customer's route: runs before the body is looked at, so that a stranger learns nothing of it. */
import { createMiddleware } from "hono/factory";
import type { ServiceEnv } from "../shared/http.ts";
import { requireCustomer } from "../shared/principal.ts";
import type { Env } from "./env.ts";

export const customerOnly = createMiddleware<ServiceEnv<Env>>(async (c, next) => {
  requireCustomer(c.var.principal);
  await next();
});
