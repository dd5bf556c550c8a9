/** `/v1/me/export` and `/v1/me/erasure`: the signed-in customer's own data. The customer is always the token's. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { systemClock } from "../../shared/clock.ts";
import { jsonBody, jsonContent, problemResponses, type ServiceContext, type ServiceEnv } from "../../shared/http.ts";
import { requireCustomer } from "../../shared/principal.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { Env } from "../env.ts";
import { askIdentity, askOrders } from "../peers.ts";
import {
  archiveOf,
  PersonalArchiveJson,
  PRIVATE,
  PrivacyRequestJson,
  requestJson,
  requestOf,
  requireNoOpenOrders,
} from "../request-json.ts";
import { openRequest } from "../requests.ts";

const tags = ["Privacy"];
const security = [{ bearer: [] }];
const PASSWORD_LENGTH_MAX = 2_000;
const CODE_LENGTH_MAX = 60;

const OwnersProof = z.strictObject({
  password: z.string().min(1).max(PASSWORD_LENGTH_MAX),
  code: z
    .string()
    .min(1)
    .max(CODE_LENGTH_MAX)
    .optional()
    .openapi({ description: "Six digits of the authenticator app, or a recovery code. Each counts once.", example: "123456" }),
});

const startExport = createRoute({
  method: "post",
  path: "/v1/me/export",
  operationId: "exportMyData",
  tags,
  summary: "Collect everything that the shop knows about me",
  description: "Every service is asked. The archive is ready when `state` is `completed`, and kept for a day.",
  security,
  responses: { 202: jsonContent(PrivacyRequestJson, "It is being collected"), ...problemResponses(401, 503) },
});

const readExport = createRoute({
  method: "get",
  path: "/v1/me/export",
  operationId: "readMyExport",
  tags,
  summary: "How far the collecting is",
  security,
  responses: { 200: jsonContent(PrivacyRequestJson, "The newest request"), ...problemResponses(401, 404, 503) },
});

const readArchive = createRoute({
  method: "get",
  path: "/v1/me/export/archive",
  operationId: "downloadMyData",
  tags,
  summary: "Download my data",
  security,
  responses: { 200: jsonContent(PersonalArchiveJson, "One document"), ...problemResponses(401, 404, 409, 503) },
});

const startErasure = createRoute({
  method: "post",
  path: "/v1/me/erasure",
  operationId: "eraseMe",
  tags,
  summary: "Close my account and erase my data",
  description:
    "At once and for good: every session ends. Refused while an order is not over. Orders stay in the books without name and " +
    "address. An account that an authenticator app protects needs a `code`, too.",
  security,
  request: { body: jsonBody(OwnersProof) },
  responses: { 202: jsonContent(PrivacyRequestJson, "It has begun"), ...problemResponses(400, 401, 403, 409, 422, 429, 503) },
});

export function mountMyRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(startExport, async (c) => {
    const customerId = requireCustomer(c.var.principal);
    const person = await askIdentity(() => c.env.IDENTITY.describePerson(customerId));
    if (person === null) throw sessionEnded();
    const request = { kind: "export", subject: customerId, askedBy: "customer", person, orderIds: [] } as const;
    return c.json(requestJson(await openRequest(c.env, request, systemClock.now(), c.var.context)), 202, PRIVATE);
  });
  app.openapi(readExport, async (c) => {
    const view = await requestOf(c, "export", requireCustomer(c.var.principal));
    return c.json(requestJson(view), 200, PRIVATE);
  });
  app.openapi(readArchive, async (c) => (await archiveOf(c, requireCustomer(c.var.principal))) as never);
  app.openapi(startErasure, async (c) => {
    const customerId = requireCustomer(c.var.principal);
    const person = await askIdentity(() => c.env.IDENTITY.describePerson(customerId));
    if (person === null) throw sessionEnded();
    requireNoOpenOrders(await openOrdersOf(c, person));
    // Last, because a code counts once.
    await requireOwner(c, customerId, c.req.valid("json"));
    const request = { kind: "erasure", subject: customerId, askedBy: "customer", person, orderIds: [] } as const;
    return c.json(requestJson(await openRequest(c.env, request, systemClock.now(), c.var.context)), 202, PRIVATE);
  });
}

/** The list may be behind by what is still in a queue. */
export async function openOrdersOf(
  c: ServiceContext<Env>,
  { customerId, emails }: { readonly customerId: string | null; readonly emails: readonly string[] },
) {
  await askOrders(() => c.env.ORDERS.catchUp(c.var.context));
  return await askOrders(() => c.env.ORDERS.findOpenOrders(customerId, emails, c.var.context));
}

async function requireOwner(
  c: ServiceContext<Env>,
  customerId: string,
  { password, code }: z.infer<typeof OwnersProof>,
): Promise<void> {
  const proven = await askIdentity(() => c.env.IDENTITY.proveOwner(customerId, { password, code: code ?? null }));
  if (proven.ok) return;
  switch (proven.error.code) {
    case "wrong_password":
      throw new ProblemError({ status: 403, code: "wrong_password", detail: "The password is not right; nothing was erased." });
    case "code_required":
      throw new ProblemError({
        status: 403,
        code: "code_required",
        detail: "This account needs a `code`, too; nothing was erased.",
      });
    case "wrong_code":
      throw new ProblemError({
        status: 403,
        code: "wrong_code",
        detail: "This code is not right, or it was used before; nothing was erased.",
      });
    case "too_many_attempts":
      throw tooManyAttempts(proven.error.retryAfterSeconds);
  }
}

export function tooManyAttempts(retryAfterSeconds: number): ProblemError {
  return new ProblemError({
    status: 429,
    code: "too_many_attempts",
    detail: "Too many attempts. Wait for as long as `retry-after` says.",
    extensions: { retry_after_seconds: retryAfterSeconds },
    headers: { "retry-after": String(retryAfterSeconds) },
  });
}

function sessionEnded(): ProblemError {
  return new ProblemError({
    status: 401,
    code: "session_ended",
    detail: "This session has ended. Sign in again.",
    headers: { "www-authenticate": 'Bearer realm="holdfast"' },
  });
}
