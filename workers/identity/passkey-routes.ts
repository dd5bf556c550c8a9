/** Passkeys: signing in by one, and those of whoever is signed in. Options and answers are WebAuthn's JSON forms. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { systemClock } from "../shared/clock.ts";
import { jsonBody, jsonContent, notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { idSchema } from "../shared/identifiers.ts";
import { customerOnly } from "./customer-only.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import { CreationOptions, NewCredential, PresentedCredential, RequestOptions } from "./passkey-credential.ts";
import { listPasskeys, removePasskey, renamePasskey } from "./passkeys.ts";
import { offerPasskey, registerPasskey } from "./register-passkey.ts";
import {
  DeviceToken,
  PasskeyJson,
  PasskeyName,
  PRIVATE,
  PresentedPassword,
  passkeyJson,
  SignedInJson,
} from "./representations.ts";
import { openSession } from "./sign-in-answer.ts";
import { askForPasskey, provePasskey } from "./sign-in-by-passkey.ts";
import { CUSTOMER_ONLY, requireAccount } from "./signed-in.ts";
import { userAgentFamily } from "./user-agent-family.ts";

const security = CUSTOMER_ONLY;
const tags = ["account"];
const params = z.strictObject({ id: idSchema("pky") });

const signInOptions = createRoute({
  method: "post",
  path: "/v1/auth/passkey/options",
  operationId: "startPasskeySignIn",
  tags: ["auth"],
  summary: "Options to sign in by a passkey",
  description: "For `navigator.credentials.get`. The challenge works once, for five minutes. No address is asked.",
  responses: { 200: jsonContent(RequestOptions, "The options"), ...problemResponses(400) },
});

const signIn = createRoute({
  method: "post",
  path: "/v1/auth/passkey",
  operationId: "signInByPasskey",
  tags: ["auth"],
  summary: "Sign in by a passkey",
  description: "The authenticator verifies its user, so no second factor is asked for.",
  request: { body: jsonBody(z.strictObject({ credential: PresentedCredential, device_token: DeviceToken.optional() })) },
  responses: { 200: jsonContent(SignedInJson, "Signed in"), ...problemResponses(400, 401, 422) },
});

const list = createRoute({
  method: "get",
  path: "/v1/me/passkeys",
  operationId: "listPasskeys",
  tags,
  summary: "All passkeys of the account, oldest first",
  security,
  responses: {
    200: jsonContent(z.strictObject({ items: z.array(PasskeyJson), next_cursor: z.null() }), "The passkeys"),
    ...problemResponses(401),
  },
});

const options = createRoute({
  method: "post",
  path: "/v1/me/passkey-options",
  operationId: "startPasskeyRegistration",
  tags,
  summary: "Options to add a passkey",
  description: "For `navigator.credentials.create`. The challenge works once, for five minutes, in this session.",
  security,
  request: { body: jsonBody(z.strictObject({ password: PresentedPassword })) },
  responses: { 200: jsonContent(CreationOptions, "The options"), ...problemResponses(400, 401, 403, 409, 422, 429, 503) },
});

const add = createRoute({
  middleware: customerOnly,
  method: "post",
  path: "/v1/me/passkeys",
  operationId: "addPasskey",
  tags,
  summary: "Add the passkey that the authenticator made",
  security,
  request: { body: jsonBody(z.strictObject({ credential: NewCredential, name: PasskeyName.optional() })) },
  responses: { 201: jsonContent(PasskeyJson, "The passkey"), ...problemResponses(400, 401, 409, 422, 503) },
});

const rename = createRoute({
  method: "patch",
  path: "/v1/me/passkeys/{id}",
  operationId: "renamePasskey",
  tags,
  summary: "Give a passkey another name",
  security,
  request: { params, body: jsonBody(z.strictObject({ name: PasskeyName })) },
  responses: { 200: jsonContent(PasskeyJson, "The passkey"), ...problemResponses(400, 401, 404, 422) },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/me/passkeys/{id}",
  operationId: "removePasskey",
  tags,
  summary: "Remove a passkey: it opens the account no more",
  security,
  request: { params },
  responses: { 204: { description: "Removed" }, ...problemResponses(400, 401, 404, 503) },
});

export function mountPasskeyRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(signInOptions, async (c) => c.json(await askForPasskey(openStore(c.env), systemClock.now()), 200, PRIVATE));
  app.openapi(signIn, async (c) => {
    const nowMs = systemClock.now();
    const { credential, device_token } = c.req.valid("json");
    const proven = await provePasskey(openStore(c.env), credential, device_token ?? null, nowMs);
    if (!proven.ok) throw refusal(proven.error);
    const expected = { proof: "two_factors", otherwise: { code: "passkey_refused" } } as const;
    return c.json(await openSession(c, proven.value, expected, nowMs), 200, PRIVATE);
  });
  app.openapi(list, async (c) => {
    const { customer } = await requireAccount(c, systemClock.now());
    const items = (await listPasskeys(openStore(c.env).database, customer.id)).map(passkeyJson);
    return c.json({ items, next_cursor: null }, 200, PRIVATE);
  });
  app.openapi(options, async (c) => {
    const nowMs = systemClock.now();
    const account = await requireAccount(c, nowMs);
    const offered = await offerPasskey(openStore(c.env), account, c.req.valid("json").password, nowMs);
    if (!offered.ok) throw refusal(offered.error);
    return c.json(offered.value, 200, PRIVATE);
  });
  app.openapi(add, async (c) => {
    const nowMs = systemClock.now();
    const account = await requireAccount(c, nowMs);
    const { credential, name } = c.req.valid("json");
    const named = { credential, name: name ?? userAgentFamily(c.req.header("user-agent")) };
    const added = await registerPasskey(openStore(c.env), account, named, nowMs);
    if (!added.ok) throw refusal(added.error);
    return c.json(passkeyJson(added.value), 201, PRIVATE);
  });
  app.openapi(rename, async (c) => {
    const { customer } = await requireAccount(c, systemClock.now());
    const { id } = c.req.valid("param");
    const renamed = await renamePasskey(openStore(c.env).database, customer.id, id, c.req.valid("json").name);
    if (renamed === undefined) throw notFound("passkey");
    return c.json(passkeyJson(renamed), 200, PRIVATE);
  });
  app.openapi(remove, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    if (!(await removePasskey(openStore(c.env), customer, c.req.valid("param").id, nowMs))) throw notFound("passkey");
    return c.body(null, 204);
  });
}
