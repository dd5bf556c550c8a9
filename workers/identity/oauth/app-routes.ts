/** `/v1/me/apps`: which apps the customer lets in, and showing one out. No app may do either. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isoTime, systemClock } from "../../shared/clock.ts";
import { jsonContent, notFound, problemResponses, type ServiceEnv } from "../../shared/http.ts";
import { idSchema } from "../../shared/identifiers.ts";
import { CUSTOMER_SCOPES } from "../../shared/principal.ts";
import { type Env, openStore } from "../env.ts";
import { PRIVATE } from "../representations.ts";
import { CUSTOMER_ONLY, requireAccount } from "../signed-in.ts";
import { type AllowedApp, APPS_SHOWN_MAX, listApps } from "./list-apps.ts";
import { revokeApp } from "./revoke-grants.ts";

const tags = ["account"];
const security = CUSTOMER_ONLY;

const AppJson = z
  .strictObject({
    id: idSchema("app"),
    name: z.string(),
    vetted: z.boolean().openapi({ description: "Registered by the shop's operators; else the name is the app's own word." }),
    scopes: z.array(z.enum(CUSTOMER_SCOPES)),
    allowed_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().openapi({ description: "When it last fetched a token." }),
  })
  .openapi("AllowedApp");

const list = createRoute({
  method: "get",
  path: "/v1/me/apps",
  operationId: "listMyApps",
  tags,
  summary: "Apps with access to the account",
  description: `One page holds the first ${APPS_SHOWN_MAX} by name.`,
  security,
  responses: {
    200: jsonContent(z.strictObject({ items: z.array(AppJson), next_cursor: z.null() }), "The apps"),
    ...problemResponses(401, 403),
  },
});

const revoke = createRoute({
  method: "delete",
  path: "/v1/me/apps/{id}",
  operationId: "revokeMyApp",
  tags,
  summary: "End an app's access, at once and on every device",
  security,
  request: { params: z.strictObject({ id: z.string().max(100) }) },
  responses: { 204: { description: "Ended" }, ...problemResponses(401, 403, 404) },
});

export function mountAppRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(list, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    const apps = await listApps(openStore(c.env).database, customer.id, nowMs);
    return c.json({ items: apps.map(appJson), next_cursor: null }, 200, PRIVATE);
  });
  app.openapi(revoke, async (c) => {
    const nowMs = systemClock.now();
    const { customer } = await requireAccount(c, nowMs);
    const revoked = await revokeApp(openStore(c.env).database, customer.id, c.req.valid("param").id, nowMs);
    if (!revoked) throw notFound("app");
    return c.body(null, 204);
  });
}

function appJson(app: AllowedApp): z.infer<typeof AppJson> {
  return {
    id: app.clientId,
    name: app.name,
    vetted: app.isVetted,
    scopes: [...app.scopes],
    allowed_at: isoTime(app.allowedAtMs),
    last_used_at: isoTime(app.lastUsedAtMs),
  };
}
