/** `/v1/admin/customers/{id}/authenticator`: what the staff do for a customer who cannot get in any more. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { systemClock } from "../shared/clock.ts";
import { notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { idSchema } from "../shared/identifiers.ts";
import { noteChange } from "../shared/privileged-act.ts";
import type { ProblemError } from "../shared/problem.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import { operatorRefusal } from "./operator-errors.ts";
import { operatorOnly } from "./operator-only.ts";
import { type ResetSecondFactorError, resetSecondFactor } from "./reset-second-factor.ts";

const reset = createRoute({
  method: "delete",
  middleware: operatorOnly("customers:write"),
  path: "/v1/admin/customers/{id}/authenticator",
  operationId: "resetSecondFactor",
  tags: ["Customers"],
  summary: "Take the authenticator app off a customer's account",
  description:
    "For somebody who lost phone and recovery codes. Make sure who asks before: the password alone opens the account then. Every " +
    "session and app is signed out, recovery codes end, passkeys stay, and the owner gets a mail. Of the staff's own accounts only " +
    "by somebody who may do as much. Needs `customers:write`.",
  security: [{ bearer: [] }],
  request: { params: z.strictObject({ id: idSchema("cus") }) },
  responses: { 204: { description: "Taken off" }, ...problemResponses(400, 401, 403, 404, 409) },
});

export function mountCustomerRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(reset, async (c) => {
    const { id } = c.req.valid("param");
    const done = await resetSecondFactor(openStore(c.env), c.var.principal, id, systemClock.now());
    if (!done.ok) throw problemOf(done.error);
    noteChange(c, { before: { authenticator: true }, after: { authenticator: false } });
    return c.body(null, 204);
  });
}

function problemOf(error: ResetSecondFactorError): ProblemError {
  switch (error.code) {
    case "no_customer":
      return notFound("customer");
    case "no_authenticator":
      return refusal(error);
    case "beyond_own_scopes":
      return operatorRefusal(error);
  }
}
