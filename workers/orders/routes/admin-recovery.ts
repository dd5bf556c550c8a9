/** `/v1/admin/recovery/partition/{name}`: sets the object of one partition back in time. */
import { createRoute, z } from "@hono/zod-openapi";
import { systemClock } from "../../shared/clock.ts";
import { notFound } from "../../shared/http.ts";
import { PartitionName, parsePartitionName } from "../../shared/identifiers.ts";
import { noteChange } from "../../shared/privileged-act.ts";
import { recoverObject } from "../../shared/recover-object.ts";
import { recoveryChange, recoveryJson, recoveryRoute, recoveryTarget, requireRecoveryKey } from "../../shared/recovery-http.ts";
import { logger } from "../../shared/telemetry.ts";
import { partitionExists } from "../access.ts";
import { partitionStub } from "../call-partition.ts";
import { type OrdersApp, operatorOnly } from "./request.ts";

const route = createRoute({
  ...recoveryRoute,
  path: "/v1/admin/recovery/partition/{name}",
  operationId: "adminRecoverPartition",
  summary: "Set the carts and orders of one partition back in time",
  middleware: operatorOnly("settings:write"),
  request: { ...recoveryRoute.request, params: z.object({ name: PartitionName }) },
});

export function registerAdminRecoveryRoutes(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { name } = c.req.valid("param");
    requireRecoveryKey(c.req.valid("header"));
    const target = recoveryTarget(c.req.valid("json"), systemClock.now());
    const partition = parsePartitionName(name);
    if (!(await partitionExists(c.env, partition))) throw notFound("partition");
    const recovered = await recoverObject(() => partitionStub(c.env.CHECKOUT_PARTITION, partition), target);
    const answer = recoveryJson(recovered);
    logger("orders", c.var.context).warn("object_recovered", { partition: name, ...answer });
    noteChange(c, recoveryChange(answer));
    return c.json(answer, 200);
  });
}
