/** `/v1/auth/*`: register, sign in, refresh, sign out. Answers carry tokens, so nothing may store them. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { systemClock } from "../shared/clock.ts";
import { jsonBody, jsonContent, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { LOCALE_DEFAULT } from "../shared/locales.ts";
import { languageOf } from "./account-language.ts";
import { issueDeviceToken } from "./device-token.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import { keyMaterial } from "./key-material.ts";
import { provePassword } from "./prove-password.ts";
import { refreshSession } from "./refresh-session.ts";
import { registerCustomer, welcome } from "./register-customer.ts";
import {
  CustomerName,
  DeviceToken,
  Email,
  NewPassword,
  PRIVATE,
  PresentedPassword,
  SecondFactorJson,
  SignedInJson,
  secondFactorJson,
  TokensJson,
  tokensJson,
} from "./representations.ts";
import { revokeAllSessions, revokeSession } from "./revoke-sessions.ts";
import { answerPassword } from "./sign-in-answer.ts";
import { CUSTOMER_ONLY, networkOf, requireAccount } from "./signed-in.ts";

const tags = ["auth"];
const SECOND_FACTOR = { 202: jsonContent(SecondFactorJson, "The password is right; the account wants a second factor") };

const register = createRoute({
  method: "post",
  path: "/v1/auth/register",
  operationId: "register",
  tags,
  summary: "Open an account and sign in",
  description:
    "The answer is the same whether or not the address has been used before: an address is a claim until it is confirmed. " +
    "The same address with the same password is the same account. Mails come in the language of `Accept-Language`, if the shop " +
    "knows it, and so after each sign-in.",
  request: { body: jsonBody(z.strictObject({ email: Email, password: NewPassword, name: CustomerName.optional() })) },
  responses: {
    201: jsonContent(SignedInJson, "Signed in to the account"),
    ...SECOND_FACTOR,
    ...problemResponses(400, 401, 422, 429, 503),
  },
});

const signIn = createRoute({
  method: "post",
  path: "/v1/auth/sign-in",
  operationId: "signIn",
  tags,
  summary: "Sign in with address and password",
  description:
    "Attempts are counted by address, by network and by known device, in the same way whether or not the address is known. " +
    "Send the `device_token` of an earlier sign-in: what strangers try then does not count against this device. " +
    "An account with an authenticator app answers 202 to the right password: finish with `POST /v1/auth/second-factor`.",
  request: {
    body: jsonBody(z.strictObject({ email: Email, password: PresentedPassword, device_token: DeviceToken.optional() })),
  },
  responses: { 200: jsonContent(SignedInJson, "Signed in"), ...SECOND_FACTOR, ...problemResponses(400, 401, 422, 429, 503) },
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

export function mountAuthRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(register, async (c) => {
    const nowMs = systemClock.now();
    const { email, password, name } = c.req.valid("json");
    const store = openStore(c.env);
    const language = languageOf(c) ?? LOCALE_DEFAULT;
    const registration = { email, password, name: name ?? null, language, network: networkOf(c) };
    const registered = await registerCustomer(store, registration, nowMs);
    if (!registered.ok) throw refusal(registered.error);
    const customer = registered.value;
    const deviceToken = await issueDeviceToken(await keyMaterial(store.keySecret), customer.id, nowMs);
    c.executionCtx.waitUntil(welcome(store, customer, nowMs));
    const answer = await answerPassword(c, { customer, deviceToken }, nowMs);
    if ("required" in answer) return c.json(secondFactorJson(answer.required), 202, PRIVATE);
    return c.json(answer.signedIn, 201, PRIVATE);
  });
  app.openapi(signIn, async (c) => {
    const nowMs = systemClock.now();
    const { email, password, device_token } = c.req.valid("json");
    const origin = { network: networkOf(c), deviceToken: device_token ?? null };
    const proven = await provePassword(openStore(c.env), { email, password, origin }, nowMs);
    if (!proven.ok) throw refusal(proven.error);
    const answer = await answerPassword(c, proven.value, nowMs);
    if ("required" in answer) return c.json(secondFactorJson(answer.required), 202, PRIVATE);
    return c.json(answer.signedIn, 200, PRIVATE);
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
