/** What the routes of this service have in common: the app's type, path parameters and the pieces of a call. */
import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import type { ServiceEnv } from "../../shared/http.ts";
import { IdempotencyKey } from "../../shared/idempotency.ts";
import { idSchema } from "../../shared/identifiers.ts";
import { type OperatorScope, requireOperator } from "../../shared/principal.ts";
import type { Env } from "../env.ts";
import { idempotencyKeyRequired } from "../problems.ts";

export type OrdersApp = OpenAPIHono<ServiceEnv<Env>>;

export const CartParams = z.object({ id: idSchema("cart") });
export const OrderParams = z.object({ id: idSchema("ord") });

export const IdempotencyHeaders = z.object({
  "idempotency-key": IdempotencyKey.optional().openapi({
    param: { required: true },
    description: "Your own name for this request. The same key with the same body acts once.",
  }),
});

/** For requests that the gateway makes idempotent by itself: their own key only names the effect. */
export const OptionalIdempotencyHeaders = z.object({ "idempotency-key": IdempotencyKey.optional() });

/** @throws ProblemError 400 */
export function requiredKey(headers: z.infer<typeof IdempotencyHeaders>): string {
  const key = headers["idempotency-key"];
  if (key === undefined) throw idempotencyKeyRequired();
  return key;
}

/** Runs before the body is looked at: who may not act learns nothing about what would be accepted. */
export function operatorOnly(scope: OperatorScope) {
  return createMiddleware<ServiceEnv<Env>>(async (c, next) => {
    requireOperator(c.var.principal, scope);
    await next();
  });
}

/** Answers about one shopper are for that shopper only. */
export const PRIVATE = { "cache-control": "no-store" } as const;
