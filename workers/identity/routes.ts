/** Identity's public resources, and the key set by which anyone can verify an access token. */
import { createRoute, z } from "@hono/zod-openapi";
import { systemClock } from "../shared/clock.ts";
import { createServiceApp, describeService, jsonContent } from "../shared/http.ts";
import { setLogLevel } from "../shared/telemetry.ts";
import { mountAddressRoutes } from "./address-routes.ts";
import { mountApiKeyRoutes } from "./api-key-routes.ts";
import { mountAuthRoutes } from "./auth-routes.ts";
import { ACCESS_TOKEN_ALGORITHM, JWKS_CACHE_SECONDS } from "./contract.ts";
import { mountCustomerRoutes } from "./customer-routes.ts";
import { mountEmailRoutes } from "./email-routes.ts";
import { configuration, type Env, openStore } from "./env.ts";
import { mountLogRoutes } from "./log-routes.ts";
import { mountAppRoutes } from "./oauth/app-routes.ts";
import { mountClientRoutes } from "./oauth/client-routes.ts";
import { mountOAuthRoutes } from "./oauth/oauth-routes.ts";
import { mountPasskeyRoutes } from "./passkey-routes.ts";
import { mountProfileRoutes, mountSessionRoutes } from "./profile-routes.ts";
import { mountSecondFactorRoutes } from "./second-factor-routes.ts";
import { publicKeySet } from "./signing-keys.ts";
import { mountStaffRoutes } from "./staff-routes.ts";

const JwksJson = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.literal("EC"),
        crv: z.literal("P-256"),
        x: z.string(),
        y: z.string(),
        kid: z.string(),
        use: z.literal("sig"),
        alg: z.literal(ACCESS_TOKEN_ALGORITHM),
      }),
    ),
  })
  .openapi("JsonWebKeySet");

const readKeys = createRoute({
  method: "get",
  path: "/.well-known/jwks.json",
  operationId: "readJsonWebKeySet",
  tags: ["auth"],
  summary: "The public keys that verify access tokens (RFC 7517)",
  responses: { 200: jsonContent(JwksJson, "The key set") },
});

setLogLevel(configuration.LOG_LEVEL);

export const app = createServiceApp<Env>("identity");

app.openapi(readKeys, async (c) => {
  const keys = JwksJson.parse(await publicKeySet(openStore(c.env), systemClock.now()));
  return c.json(keys, 200, { "cache-control": `public, max-age=${JWKS_CACHE_SECONDS}` });
});
mountAuthRoutes(app);
mountSecondFactorRoutes(app);
mountPasskeyRoutes(app);
mountEmailRoutes(app);
mountProfileRoutes(app);
mountSessionRoutes(app);
mountAddressRoutes(app);
mountStaffRoutes(app);
mountCustomerRoutes(app);
mountApiKeyRoutes(app);
mountLogRoutes(app);
mountOAuthRoutes(app);
mountClientRoutes(app);
mountAppRoutes(app);

describeService(app, "identity", {
  database: async (env) => await env.DATABASE.prepare("SELECT 1 FROM signing_keys LIMIT 1").all(),
});
