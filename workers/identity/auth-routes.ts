/** `/v1/auth/*`: register, sign in, refresh, sign out. Answers carry tokens, so nothing may store them. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { systemClock } from "../shared/clock.ts";
import { jsonBody, jsonContent, problemResponses, type ServiceContext, type ServiceEnv } from "../shared/http.ts";
import { findByCredentials } from "./credentials.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import { refreshSession } from "./refresh-session.ts";
import { registerCustomer } from "./register-customer.ts";
import { CustomerName, Email, NewPassword, PRIVATE, PresentedPassword, TokensJson, tokensJson } from "./representations.ts";
import { revokeAllSessions, revokeSession } from "./revoke-sessions.ts";
import type { CustomerRow } from "./schema.ts";
import { CUSTOMER_ONLY, requireAccount } from "./signed-in.ts";
import { startSession } from "./start-session.ts";
import { userAgentFamily } from "./user-agent-family.ts";

const tags = ["auth"];

const register = createRoute({
  method: "post",
  path: "/v1/auth/register",
  operationId: "register",
  tags,
  summary: "Open an account and sign in",
  description:
    "The answer is the same whether or not the address has been used before: an address is a claim until it is confirmed. " +
    "The same address with the same password is the same account.",
  request: { body: jsonBody(z.strictObject({ email: Email, password: NewPassword, name: CustomerName.optional() })) },
  responses: { 201: jsonContent(TokensJson, "Signed in to the account"), ...problemResponses(400, 401, 422) },
});

const signIn = createRoute({
  method: "post",
  path: "/v1/auth/sign-in",
  operationId: "signIn",
  tags,
  summary: "Sign in with address and password",
  request: { body: jsonBody(z.strictObject({ email: Email, password: PresentedPassword })) },
  responses: { 200: jsonContent(TokensJson, "Signed in"), ...problemResponses(400, 401, 422) },
});

const refresh = createRoute({
  method: "post",
  path: "/v1/auth/refresh",
  operationId: "refreshTokens",
  tags,
  summary: "Exchange a refresh token for new tokens",
  description: "Each refresh token works once. One that is used again after its answer had time to arrive ends the session.",
  request: { body: jsonBody(z.strictObject({ refresh_token: z.string().min(1).max(512) })) },
  responses: { 200: jsonContent(TokensJson, "New tokens"), ...problemResponses(400, 401, 422) },
});

const signOut = createRoute({
  method: "post",
  path: "/v1/auth/sign-out",
  operationId: "signOut",
  tags,
  summary: "End this session",
  security: CUSTOMER_ONLY,
  responses: { 204: { description: "Signed out" }, ...problemResponses(401) },
});

const signOutEverywhere = createRoute({
  method: "post",
  path: "/v1/auth/sign-out-everywhere",
  operationId: "signOutEverywhere",
  tags,
  summary: "End every session of this customer",
  security: CUSTOMER_ONLY,
  responses: { 204: { description: "Signed out on every device" }, ...problemResponses(401) },
});

/** @throws ProblemError 401 when the account changed between the check of the password and now. */
async function signedIn(c: ServiceContext<Env>, customer: CustomerRow, nowMs: number) {
  const tokens = await startSession(openStore(c.env), customer, userAgentFamily(c.req.header("user-agent")), nowMs);
  if (tokens === undefined) throw refusal({ code: "invalid_credentials" });
  return tokensJson(customer, tokens);
}

export function mountAuthRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(register, async (c) => {
    const nowMs = systemClock.now();
    const { email, password, name } = c.req.valid("json");
    const registered = await registerCustomer(openStore(c.env).database, { email, password, name: name ?? null }, nowMs);
    if (!registered.ok) throw refusal(registered.error);
    return c.json(await signedIn(c, registered.value, nowMs), 201, PRIVATE);
  });
  app.openapi(signIn, async (c) => {
    const nowMs = systemClock.now();
    const { email, password } = c.req.valid("json");
    const customer = await findByCredentials(openStore(c.env).database, email.normalized, password);
    if (customer === undefined) throw refusal({ code: "invalid_credentials" });
    return c.json(await signedIn(c, customer, nowMs), 200, PRIVATE);
  });
  app.openapi(refresh, async (c) => {
    const refreshed = await refreshSession(openStore(c.env), c.req.valid("json").refresh_token, systemClock.now());
    if (!refreshed.ok) throw refusal(refreshed.error);
    return c.json(tokensJson(refreshed.value.customer, refreshed.value.tokens), 200, PRIVATE);
  });
  app.openapi(signOut, async (c) => {
    const nowMs = systemClock.now();
    const { session } = await requireAccount(c, nowMs);
    await revokeSession(openStore(c.env).database, session.id, "signed_out", nowMs);
    return c.body(null, 204);
  });
  app.openapi(signOutEverywhere, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    await revokeAllSessions(openStore(c.env).database, customer.id, "signed_out", nowMs);
    return c.body(null, 204);
  });
}
