/** `/v1/admin/recovery/sku/{sku}`: sets the object of one SKU back in time. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import { systemClock } from "../shared/clock.ts";
import type { ServiceEnv } from "../shared/http.ts";
import { requireOperator } from "../shared/principal.ts";
import { noteChange } from "../shared/privileged-act.ts";
import { recoverObject } from "../shared/recover-object.ts";
import { recoveryChange, recoveryJson, recoveryRoute, recoveryTarget, requireRecoveryKey } from "../shared/recovery-http.ts";
import { logger } from "../shared/telemetry.ts";
import { Sku } from "./contract.ts";
import type { Env } from "./env.ts";
import { readBalances } from "./opening-balances.ts";
import { unknownSku } from "./stock-problems.ts";

const route = createRoute({
  ...recoveryRoute,
  path: "/v1/admin/recovery/sku/{sku}",
  operationId: "adminRecoverSku",
  summary: "Set the stock of one SKU back in time",
  middleware: createMiddleware<ServiceEnv<Env>>(async (c, next) => {
    requireOperator(c.var.principal, "settings:write");
    await next();
  }),
  request: { ...recoveryRoute.request, params: z.object({ sku: Sku }) },
});

export function addRecoveryRoute(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(route, async (c) => {
    const { sku } = c.req.valid("param");
    requireRecoveryKey(c.req.valid("header"));
    const target = recoveryTarget(c.req.valid("json"), systemClock.now());
    if (!(await readBalances(c.env.DATABASE, [sku])).has(sku)) throw unknownSku(sku);
    const recovered = await recoverObject(() => c.env.SKU_STOCK.getByName(sku), target);
    const answer = recoveryJson(recovered);
    logger("inventory", c.var.context).warn("object_recovered", { sku, ...answer });
    noteChange(c, recoveryChange(answer));
    return c.json(answer, 200);
  });
}
