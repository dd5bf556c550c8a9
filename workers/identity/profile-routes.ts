/** `/v1/me`, its password and its sessions. The customer is always the token's, never one named in a body. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { systemClock } from "../shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../shared/cursor.ts";
import { jsonBody, jsonContent, notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { idSchema } from "../shared/identifiers.ts";
import { changePassword } from "./change-password.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import { listSessions, revokeOwnSession } from "./list-sessions.ts";
import {
  CustomerJson,
  CustomerName,
  customerJson,
  MeJson,
  meJson,
  NewPassword,
  PRIVATE,
  PresentedPassword,
  SessionJson,
  sessionJson,
} from "./representations.ts";
import { staffRole } from "./session-standing.ts";
import { CUSTOMER_ONLY, customerOrApp, requireAccount, requireCustomerOrApp } from "./signed-in.ts";
import { updateProfile } from "./update-profile.ts";

const tags = ["account"];
const security = CUSTOMER_ONLY;
const SessionId = idSchema("ses");

const readMe = createRoute({
  method: "get",
  path: "/v1/me",
  operationId: "readMe",
  tags,
  summary: "The signed-in customer",
  security: customerOrApp("profile:read"),
  responses: { 200: jsonContent(MeJson, "The customer"), ...problemResponses(401) },
});

const changeMe = createRoute({
  method: "patch",
  path: "/v1/me",
  operationId: "updateMe",
  tags,
  summary: "Change the profile",
  security: customerOrApp("profile:write"),
  request: { body: jsonBody(z.strictObject({ name: CustomerName.nullable().optional() })) },
  responses: { 200: jsonContent(CustomerJson, "The changed customer"), ...problemResponses(400, 401, 422) },
});

const setPassword = createRoute({
  method: "post",
  path: "/v1/me/password",
  operationId: "changePassword",
  tags,
  summary: "Change the password and sign every other device out",
  security,
  request: { body: jsonBody(z.strictObject({ current: PresentedPassword, new: NewPassword })) },
  responses: { 204: { description: "Changed" }, ...problemResponses(400, 401, 403, 422, 429) },
});

const readSessions = createRoute({
  method: "get",
  path: "/v1/me/sessions",
  operationId: "listSessions",
  tags,
  summary: "Devices that are signed in, newest first",
  security,
  request: { query: z.strictObject({ limit: PageLimit, cursor: z.string().max(200).optional() }) },
  responses: {
    200: jsonContent(z.strictObject({ items: z.array(SessionJson), next_cursor: z.string().nullable() }), "A page of sessions"),
    ...problemResponses(400, 401),
  },
});

const deleteSession = createRoute({
  method: "delete",
  path: "/v1/me/sessions/{id}",
  operationId: "revokeSession",
  tags,
  summary: "Sign one device out",
  security,
  request: { params: z.strictObject({ id: z.string().max(100) }) },
  responses: { 204: { description: "Signed out" }, ...problemResponses(401, 404) },
});

export function mountProfileRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(readMe, async (c) => {
    const customer = await requireCustomerOrApp(c, "profile:read", systemClock.now());
    const role = await staffRole(openStore(c.env).database, customer.id);
    return c.json(meJson(customer, role), 200, PRIVATE);
  });
  app.openapi(changeMe, async (c) => {
    const nowMs = systemClock.now();
    const customer = await requireCustomerOrApp(c, "profile:write", nowMs);
    const changed = await updateProfile(openStore(c.env).database, customer, { name: c.req.valid("json").name }, nowMs);
    return c.json(customerJson(changed), 200, PRIVATE);
  });
  app.openapi(setPassword, async (c) => {
    const nowMs = systemClock.now();
    const account = await requireAccount(c, nowMs);
    const body = c.req.valid("json");
    const passwords = { current: body.current, next: body.new };
    const changed = await changePassword(openStore(c.env), account, passwords, nowMs);
    if (!changed.ok) throw refusal(changed.error);
    return c.body(null, 204);
  });
}

export function mountSessionRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(readSessions, async (c) => {
    const nowMs = systemClock.now();
    const { customer, session } = await requireAccount(c, nowMs);
    const { limit, cursor } = c.req.valid("query");
    const beforeId = cursor === undefined ? undefined : decodeCursor(SessionId, cursor);
    const found = await listSessions(openStore(c.env).database, customer.id, { limit: limit + 1, beforeId }, nowMs);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = found.length > limit && last !== undefined ? encodeCursor(last.id) : null;
    return c.json({ items: page.map((each) => sessionJson(each, session.id)), next_cursor }, 200, PRIVATE);
  });
  app.openapi(deleteSession, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    const revoked = await revokeOwnSession(openStore(c.env).database, customer.id, c.req.valid("param").id, nowMs);
    if (!revoked) throw notFound("session");
    return c.body(null, 204);
  });
}
