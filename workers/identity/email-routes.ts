/** Confirming and changing an address, and a lost password: all by links in mails, none of which is ever in an answer. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { systemClock } from "../shared/clock.ts";
import { jsonBody, jsonContent, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { requestEmailChange } from "./change-email.ts";
import { askToConfirm, confirmEmail, tellOrders } from "./confirm-email.ts";
import { parseEmailAddress } from "./email-address.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import {
  CustomerJson,
  customerJson,
  DeviceToken,
  Email,
  LinkToken,
  NewPassword,
  PRIVATE,
  PresentedPassword,
} from "./representations.ts";
import { allowMail, mailPasswordReset, resetPassword } from "./reset-password.ts";
import { CUSTOMER_ONLY, networkOf, requireAccount } from "./signed-in.ts";

const security = CUSTOMER_ONLY;
const ACCEPTED = { description: "Accepted; the mail follows" };

const requestReset = createRoute({
  method: "post",
  path: "/v1/auth/request-password-reset",
  operationId: "requestPasswordReset",
  tags: ["auth"],
  summary: "Ask for a mail that lets one choose a new password",
  description: "The answer, and the time it takes, are the same whether or not the address has an account.",
  request: { body: jsonBody(z.strictObject({ email: Email, device_token: DeviceToken.optional() })) },
  responses: { 202: ACCEPTED, ...problemResponses(400, 422, 429, 503) },
});

const reset = createRoute({
  method: "post",
  path: "/v1/auth/reset-password",
  operationId: "resetPassword",
  tags: ["auth"],
  summary: "Choose a new password with the link of the mail",
  description: "The link works once. Every session ends and every device is unknown again; sign in with the new password.",
  request: { body: jsonBody(z.strictObject({ token: LinkToken, password: NewPassword })) },
  responses: {
    200: jsonContent(z.strictObject({ device_token: z.string() }).openapi("PasswordReset"), "The password is changed"),
    ...problemResponses(400, 410, 422),
  },
});

const changeEmail = createRoute({
  method: "post",
  path: "/v1/me/email",
  operationId: "changeEmail",
  tags: ["account"],
  summary: "Ask for another e-mail address",
  description:
    "Nothing changes until the link in the mail to the new address is used. The answer does not tell whether somebody has it.",
  security,
  request: { body: jsonBody(z.strictObject({ email: Email, password: PresentedPassword })) },
  responses: { 202: ACCEPTED, ...problemResponses(400, 401, 403, 422, 429, 503) },
});

const requestConfirmation = createRoute({
  method: "post",
  path: "/v1/me/email/request-confirmation",
  operationId: "requestEmailConfirmation",
  tags: ["account"],
  summary: "Ask for the mail that confirms the address once more",
  security,
  responses: { 202: ACCEPTED, ...problemResponses(401, 429, 503) },
});

const confirm = createRoute({
  method: "post",
  path: "/v1/me/email/confirm",
  operationId: "confirmEmail",
  tags: ["account"],
  summary: "Confirm the address, or the new one, with the link of the mail",
  description:
    "Needs a sign-in to the account that the link is for. Orders placed as a guest with the address then belong to it.",
  security,
  request: { body: jsonBody(z.strictObject({ token: LinkToken })) },
  responses: { 200: jsonContent(CustomerJson, "The customer"), ...problemResponses(400, 401, 409, 410, 422) },
});

export function mountEmailRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(requestReset, async (c) => {
    const nowMs = systemClock.now();
    const { email, device_token } = c.req.valid("json");
    const store = openStore(c.env);
    const allowed = await allowMail(store, email, { network: networkOf(c), deviceToken: device_token ?? null }, nowMs);
    if (!allowed.ok) throw refusal(allowed.error);
    c.executionCtx.waitUntil(mailPasswordReset(store, email, nowMs));
    return c.body(null, 202);
  });
  app.openapi(reset, async (c) => {
    const nowMs = systemClock.now();
    const store = openStore(c.env);
    const done = await resetPassword(store, c.req.valid("json"), nowMs);
    if (!done.ok) throw refusal(done.error);
    c.executionCtx.waitUntil(tellOrders(store, nowMs, done.value.customerId));
    return c.json({ device_token: done.value.deviceToken }, 200, PRIVATE);
  });
  app.openapi(changeEmail, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    const asked = await requestEmailChange(openStore(c.env), customer, c.req.valid("json"), nowMs);
    if (!asked.ok) throw refusal(asked.error);
    return c.body(null, 202);
  });
  app.openapi(requestConfirmation, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    const store = openStore(c.env);
    const email = parseEmailAddress(customer.email);
    if (email === undefined) return c.body(null, 202);
    const allowed = await allowMail(store, email, { network: networkOf(c), deviceToken: null }, nowMs);
    if (!allowed.ok) throw refusal(allowed.error);
    await askToConfirm(store, customer, nowMs);
    return c.body(null, 202);
  });
  app.openapi(confirm, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    const store = openStore(c.env);
    const confirmed = await confirmEmail(store, customer, c.req.valid("json").token, nowMs);
    if (!confirmed.ok) throw refusal(confirmed.error);
    c.executionCtx.waitUntil(tellOrders(store, nowMs, customer.id));
    return c.json(customerJson(confirmed.value), 200, PRIVATE);
  });
}
