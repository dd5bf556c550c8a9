/** The second step of a sign-in, and the authenticator app of whoever is signed in. Answers may hold secrets: nothing stores them. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isoTime, systemClock } from "../shared/clock.ts";
import { jsonBody, jsonContent, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { authenticatorState } from "./authenticator.ts";
import { disableAuthenticator, renewRecoveryCodes } from "./change-authenticator.ts";
import { CHALLENGE_TOKEN_LENGTH_MAX, proveSecondStep } from "./complete-sign-in.ts";
import { customerOnly } from "./customer-only.ts";
import { confirmAuthenticator, enrolAuthenticator } from "./enrol-authenticator.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import { DeviceToken, PRIVATE, PresentedPassword, SecondFactorCode, SignedInJson } from "./representations.ts";
import { openSession } from "./sign-in-answer.ts";
import { CUSTOMER_ONLY, requireAccount } from "./signed-in.ts";

const security = CUSTOMER_ONLY;
const tags = ["account"];
const Factors = z.strictObject({ password: PresentedPassword, code: SecondFactorCode });
const RecoveryCodes = z.array(z.string()).openapi({ description: "Shown this once; the database holds hashes only." });

const AuthenticatorJson = z
  .strictObject({
    enabled: z.boolean(),
    enabled_at: z.iso.datetime().nullable(),
    recovery_codes_left: z.int(),
  })
  .openapi("Authenticator");

const complete = createRoute({
  method: "post",
  path: "/v1/auth/second-factor",
  operationId: "completeSignIn",
  tags: ["auth"],
  summary: "Finish a sign-in that asked for a second factor",
  description:
    "For the `challenge_token` of a sign-in or registration that answered 202. It works once, for ten minutes and five codes; " +
    "a change of the password voids it. Digits are counted by account, those of devices that signed in before apart; a " +
    "recovery code works whatever strangers have tried.",
  request: {
    body: jsonBody(
      z.strictObject({
        challenge_token: z.string().min(1).max(CHALLENGE_TOKEN_LENGTH_MAX),
        code: SecondFactorCode,
        device_token: DeviceToken.optional(),
      }),
    ),
  },
  responses: { 200: jsonContent(SignedInJson, "Signed in"), ...problemResponses(400, 403, 410, 422, 429, 503) },
});

const read = createRoute({
  method: "get",
  path: "/v1/me/authenticator",
  operationId: "readAuthenticator",
  tags,
  summary: "Whether an authenticator app protects the account",
  security,
  responses: { 200: jsonContent(AuthenticatorJson, "Its state"), ...problemResponses(401) },
});

const enrol = createRoute({
  method: "post",
  path: "/v1/me/authenticator",
  operationId: "enrolAuthenticator",
  tags,
  summary: "Start to set an authenticator app up",
  description:
    "The secret is in this answer and in no other. It protects nothing before its first code is confirmed, within half an hour.",
  security,
  request: { body: jsonBody(z.strictObject({ password: PresentedPassword })) },
  responses: {
    201: jsonContent(
      z.strictObject({ secret: z.string(), otpauth_uri: z.string() }).openapi("AuthenticatorEnrolment"),
      "For the app: TOTP (RFC 6238), SHA-1, six digits, thirty seconds",
    ),
    ...problemResponses(400, 401, 403, 409, 422, 429, 503),
  },
});

const confirm = createRoute({
  middleware: customerOnly,
  method: "post",
  path: "/v1/me/authenticator/confirm",
  operationId: "confirmAuthenticator",
  tags,
  summary: "Switch the authenticator app on with its first code",
  description: "Signs every other device and app out and makes devices unknown. Sign-ins by password ask for a code from now on.",
  security,
  request: { body: jsonBody(z.strictObject({ code: SecondFactorCode })) },
  responses: {
    200: jsonContent(
      z.strictObject({ recovery_codes: RecoveryCodes, device_token: z.string() }).openapi("AuthenticatorConfirmed"),
      "Switched on",
    ),
    ...problemResponses(400, 401, 403, 409, 422, 503),
  },
});

const disable = createRoute({
  method: "post",
  path: "/v1/me/authenticator/disable",
  operationId: "disableAuthenticator",
  tags,
  summary: "Switch the authenticator app off",
  security,
  request: { body: jsonBody(Factors) },
  responses: { 204: { description: "Switched off" }, ...problemResponses(400, 401, 403, 409, 422, 429, 503) },
});

const renew = createRoute({
  method: "post",
  path: "/v1/me/recovery-codes",
  operationId: "renewRecoveryCodes",
  tags,
  summary: "Ten new recovery codes in place of the old ones",
  security,
  request: { body: jsonBody(Factors) },
  responses: {
    201: jsonContent(z.strictObject({ recovery_codes: RecoveryCodes }).openapi("RecoveryCodes"), "The new codes"),
    ...problemResponses(400, 401, 403, 409, 422, 429, 503),
  },
});

export function mountSecondFactorRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(complete, async (c) => {
    const nowMs = systemClock.now();
    const { challenge_token: challengeToken, code, device_token } = c.req.valid("json");
    const step = { challengeToken, code, deviceToken: device_token ?? null };
    const proven = await proveSecondStep(openStore(c.env), step, nowMs);
    if (!proven.ok) throw refusal(proven.error);
    const expected = { proof: "two_factors", otherwise: { code: "invalid_challenge" } } as const;
    return c.json(await openSession(c, proven.value, expected, nowMs), 200, PRIVATE);
  });
  app.openapi(read, async (c) => {
    const { customer } = await requireAccount(c, systemClock.now());
    const { confirmedAtMs, recoveryCodesLeft } = await authenticatorState(openStore(c.env).database, customer.id);
    const enabled_at = confirmedAtMs === null ? null : isoTime(confirmedAtMs);
    return c.json({ enabled: confirmedAtMs !== null, enabled_at, recovery_codes_left: recoveryCodesLeft }, 200, PRIVATE);
  });
  app.openapi(enrol, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    const enrolled = await enrolAuthenticator(openStore(c.env), customer, c.req.valid("json").password, nowMs);
    if (!enrolled.ok) throw refusal(enrolled.error);
    return c.json({ secret: enrolled.value.secret, otpauth_uri: enrolled.value.uri }, 201, PRIVATE);
  });
  app.openapi(confirm, async (c) => {
    const nowMs = systemClock.now();
    const account = await requireAccount(c, nowMs);
    const confirmed = await confirmAuthenticator(openStore(c.env), account, c.req.valid("json").code, nowMs);
    if (!confirmed.ok) throw refusal(confirmed.error);
    const { recoveryCodes, deviceToken } = confirmed.value;
    return c.json({ recovery_codes: [...recoveryCodes], device_token: deviceToken }, 200, PRIVATE);
  });
  app.openapi(disable, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    const disabled = await disableAuthenticator(openStore(c.env), customer, c.req.valid("json"), nowMs);
    if (!disabled.ok) throw refusal(disabled.error);
    return c.body(null, 204);
  });
  app.openapi(renew, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    const renewed = await renewRecoveryCodes(openStore(c.env), customer, c.req.valid("json"), nowMs);
    if (!renewed.ok) throw refusal(renewed.error);
    return c.json({ recovery_codes: [...renewed.value] }, 201, PRIVATE);
  });
}
