/**
 * `/oauth/*` and the documents by which clients find them. Forms in, and errors as OAuth's clients read them, not as problem
 * documents. The page where the customer decides, `/oauth/authorize`, is the storefront's.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { systemClock } from "../../shared/clock.ts";
import type { ServiceContext, ServiceEnv } from "../../shared/http.ts";
import { err, type Result } from "../../shared/result.ts";
import { logger } from "../../shared/telemetry.ts";
import type { Env } from "../env.ts";
import { networkOf } from "../signed-in.ts";
import { type AuthorizationServer, openAuthorizationServer, readParameters } from "./authorization-server.ts";
import { issueToken } from "./issue-token.ts";
import { registerRoute, resourceMetadataRoute, revokeRoute, serverMetadataRoute, tokenRoute } from "./oauth-descriptions.ts";
import { NO_STORE, type OAuthError, oauthError, oauthErrorResponse } from "./oauth-error.ts";
import { registerApp } from "./register-app.ts";
import { revokeToken } from "./revoke-token.ts";
import { describeResource, describeServer } from "./server-metadata.ts";

type App = OpenAPIHono<ServiceEnv<Env>>;
type Context = ServiceContext<Env>;

const METADATA_CACHE = { "cache-control": "public, max-age=300" };
const FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

export function mountOAuthRoutes(app: App, open: (bindings: Env) => AuthorizationServer = openAuthorizationServer): void {
  for (const route of [tokenRoute, revokeRoute, registerRoute]) app.openAPIRegistry.registerPath(route);
  app.post(tokenRoute.path, async (c) => {
    const done = await withForm(c, (parameters, authorization) =>
      issueToken(open(c.env), authorization, parameters, systemClock.now()),
    );
    return done.ok ? c.json(done.value, 200, NO_STORE) : refuse(c, done.error);
  });
  app.post(revokeRoute.path, async (c) => {
    const done = await withForm(c, (parameters, authorization) =>
      revokeToken(open(c.env), authorization, parameters, systemClock.now()),
    );
    return done.ok ? c.body(null, 200, NO_STORE) : refuse(c, done.error);
  });
  app.post(registerRoute.path, async (c) => {
    const server = open(c.env);
    if (server.registration === "closed") return registrationIsClosed();
    const body: unknown = await c.req.json().catch(() => undefined);
    const done = await registerApp(server, body, networkOf(c), systemClock.now());
    return done.ok ? c.json(done.value, 201, NO_STORE) : refuse(c, done.error);
  });
  app.openapi(serverMetadataRoute, (c) => c.json(describeServer(open(c.env)), 200, METADATA_CACHE));
  app.openapi(resourceMetadataRoute, (c) => c.json(describeResource(open(c.env)), 200, METADATA_CACHE));
}

async function withForm<T>(
  c: Context,
  run: (parameters: ReadonlyMap<string, string>, authorization: string | undefined) => Promise<Result<T, OAuthError>>,
): Promise<Result<T, OAuthError>> {
  const isForm = FORM.test(c.req.header("content-type") ?? "");
  const parameters = isForm ? readParameters(new TextDecoder().decode(await c.req.arrayBuffer())) : undefined;
  if (parameters === undefined) {
    return err(oauthError("invalid_request", "Send application/x-www-form-urlencoded with each parameter once."));
  }
  return await run(parameters, c.req.header("authorization"));
}

function refuse(c: Context, error: OAuthError): Response {
  logger("identity", c.get("context")).info("oauth_refused", { path: c.req.path, code: error.code });
  return oauthErrorResponse(error);
}

/** RFC 7591 §3.2.2 has no code for it. */
function registrationIsClosed(): Response {
  const said = { error: "access_denied", error_description: "Apps are registered by the shop. Ask its operators for a client." };
  return Response.json(said, { status: 403, headers: NO_STORE });
}
