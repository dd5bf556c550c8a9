/** `/v1/admin/api-keys`: keys for integrations. The key is in the one answer that made it and nowhere after. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isoTime, systemClock } from "../shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../shared/cursor.ts";
import { jsonBody, jsonContent, notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { idSchema } from "../shared/identifiers.ts";
import { CLIENT_SCOPES } from "../shared/principal.ts";
import { noteChange, noteDifference } from "../shared/privileged-act.ts";
import { type Env, openStore } from "./env.ts";
import { type ListedKey, listApiKeys, type MadeKey, makeApiKey, revokeApiKey, rotateApiKey } from "./manage-api-keys.ts";
import { scopesNow } from "./open-api-key.ts";
import { operatorRefusal } from "./operator-errors.ts";
import { operatorOnly } from "./operator-only.ts";
import { CustomerName, PRIVATE } from "./representations.ts";

const tags = ["API keys"];
const security = [{ bearer: [] }];
const KeyId = idSchema("key");
const params = z.strictObject({ id: KeyId });
const HOUR_SECONDS = 3_600;
const OVERLAP_SECONDS_MAX = 7 * 24 * HOUR_SECONDS;

const NewKeyBody = z
  .strictObject({
    name: CustomerName,
    scopes: z.array(z.enum(CLIENT_SCOPES)).min(1).max(CLIENT_SCOPES.length),
    expires_at: z.iso
      .datetime()
      .refine((text) => Date.parse(text) > systemClock.now(), "must be in the future")
      .optional(),
  })
  .openapi("NewApiKey");

const ApiKeyJson = z
  .strictObject({
    id: KeyId,
    name: z.string(),
    scopes: z.array(z.string()),
    status: z.enum(["active", "suspended", "expired", "revoked"]).openapi({
      description: "`suspended`: whoever made it is of the staff no more; rotate it to make it yours.",
    }),
    effective_scopes: z.array(z.string()).openapi({ description: "Those that its maker still has." }),
    maker_id: z.string().nullable().openapi({ description: "Null when it was made with the admin key." }),
    secrets: z
      .array(z.strictObject({ hint: z.string(), created_at: z.iso.datetime(), expires_at: z.iso.datetime().nullable() }))
      .openapi({ description: "Two while a rotation overlaps. `hint` is how the key ends." }),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
    revoked_at: z.iso.datetime().nullable(),
    last_used_at: z.iso.datetime().nullable().openapi({ description: "To the minute." }),
  })
  .openapi("ApiKey");

const MadeKeyJson = z
  .strictObject({
    api_key: ApiKeyJson,
    key: z.string().openapi({ description: "Send it as `Authorization: Bearer …`. It is not shown again." }),
  })
  .openapi("MadeApiKey");

function time(epochMs: number | null): string | null {
  return epochMs === null ? null : isoTime(epochMs);
}

function statusOf({ key, makerRole }: ListedKey, nowMs: number): z.infer<typeof ApiKeyJson>["status"] {
  if (key.revokedAtMs !== null) return "revoked";
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) return "expired";
  return scopesNow(key, makerRole) === null ? "suspended" : "active";
}

function apiKeyJson(listed: ListedKey, nowMs: number): z.infer<typeof ApiKeyJson> {
  const { key, makerRole, secrets } = listed;
  const status = statusOf(listed, nowMs);
  return {
    id: key.id,
    name: key.name,
    scopes: [...key.scopes],
    status,
    effective_scopes: status === "active" ? [...(scopesNow(key, makerRole) ?? [])] : [],
    maker_id: key.makerId,
    secrets: secrets.map(({ hint, createdAtMs, expiresAtMs }) => ({
      hint,
      created_at: isoTime(createdAtMs),
      expires_at: time(expiresAtMs),
    })),
    created_at: isoTime(key.createdAtMs),
    expires_at: time(key.expiresAtMs),
    revoked_at: time(key.revokedAtMs),
    last_used_at: time(key.lastUsedAtMs),
  };
}

/** Without its name, which may be anybody's word, and without how its secrets end. */
function loggedKey(listed: ListedKey, nowMs: number) {
  const { status, maker_id, secrets } = apiKeyJson(listed, nowMs);
  return { status, maker_id, secrets: secrets.map(({ created_at, expires_at }) => ({ created_at, expires_at })) };
}

function madeKeyJson({ listed, secret }: MadeKey, nowMs: number): z.infer<typeof MadeKeyJson> {
  return { api_key: apiKeyJson(listed, nowMs), key: secret };
}

const list = createRoute({
  method: "get",
  middleware: operatorOnly("keys:read"),
  path: "/v1/admin/api-keys",
  operationId: "listApiKeys",
  tags,
  summary: "Keys of integrations, newest first",
  security,
  request: { query: z.strictObject({ limit: PageLimit, cursor: z.string().max(200).optional() }) },
  responses: {
    200: jsonContent(z.strictObject({ items: z.array(ApiKeyJson), next_cursor: z.string().nullable() }), "A page of keys"),
    ...problemResponses(400, 401, 403),
  },
});

const make = createRoute({
  method: "post",
  middleware: operatorOnly("keys:write"),
  path: "/v1/admin/api-keys",
  operationId: "makeApiKey",
  tags,
  summary: "Make a key for an integration",
  description: "A key has scopes that its maker has, and loses those that its maker loses. Keys make no keys and no staff.",
  security,
  request: { body: jsonBody(NewKeyBody) },
  responses: { 201: jsonContent(MadeKeyJson, "The key, this once"), ...problemResponses(400, 401, 403, 409, 422) },
});

const rotate = createRoute({
  method: "post",
  middleware: operatorOnly("keys:write"),
  path: "/v1/admin/api-keys/{id}/rotate",
  operationId: "rotateApiKey",
  tags,
  summary: "Give a key a new secret",
  description: "The one of before goes on for the overlap, a day unless told. You are the key's maker from then on.",
  security,
  request: {
    params,
    body: jsonBody(
      z
        .strictObject({
          overlap_seconds: z
            .int()
            .min(0)
            .max(OVERLAP_SECONDS_MAX)
            .default(24 * HOUR_SECONDS),
        })
        .openapi("Rotation"),
    ),
  },
  responses: { 200: jsonContent(MadeKeyJson, "The key, this once"), ...problemResponses(400, 401, 403, 404, 409, 422) },
});

const revoke = createRoute({
  method: "delete",
  middleware: operatorOnly("keys:write"),
  path: "/v1/admin/api-keys/{id}",
  operationId: "revokeApiKey",
  tags,
  summary: "Revoke a key, at once and for good",
  security,
  request: { params },
  responses: { 204: { description: "Revoked" }, ...problemResponses(400, 401, 403, 404) },
});

export function mountApiKeyRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(list, async (c) => {
    const nowMs = systemClock.now();
    const { limit, cursor } = c.req.valid("query");
    const beforeId = cursor === undefined ? undefined : decodeCursor(KeyId, cursor);
    const found = await listApiKeys(openStore(c.env).database, { limit: limit + 1, beforeId }, nowMs);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = found.length > limit && last !== undefined ? encodeCursor(last.key.id) : null;
    return c.json({ items: page.map((each) => apiKeyJson(each, nowMs)), next_cursor }, 200, PRIVATE);
  });
  app.openapi(make, async (c) => {
    const nowMs = systemClock.now();
    const { name, scopes, expires_at } = c.req.valid("json");
    const wanted = { name, scopes, expiresAtMs: expires_at === undefined ? null : Date.parse(expires_at) };
    const made = await makeApiKey(openStore(c.env).database, c.var.principal, wanted, nowMs);
    if (!made.ok) throw operatorRefusal(made.error);
    const { id } = made.value.listed.key;
    noteChange(c, { resource: `api-keys/${id}`, after: { scopes, expires_at: expires_at ?? null } });
    return c.json(madeKeyJson(made.value, nowMs), 201, PRIVATE);
  });
  app.openapi(rotate, async (c) => {
    const nowMs = systemClock.now();
    const { database } = openStore(c.env);
    const [key] = await listApiKeys(database, { id: c.req.valid("param").id }, nowMs);
    if (key === undefined) throw notFound("key");
    const overlapMs = c.req.valid("json").overlap_seconds * 1_000;
    const rotated = await rotateApiKey(database, c.var.principal, key, overlapMs, nowMs);
    if (!rotated.ok) throw operatorRefusal(rotated.error);
    noteDifference(c, loggedKey(key, nowMs), loggedKey(rotated.value.listed, nowMs));
    return c.json(madeKeyJson(rotated.value, nowMs), 200, PRIVATE);
  });
  app.openapi(revoke, async (c) => {
    const nowMs = systemClock.now();
    const { database } = openStore(c.env);
    const { id } = c.req.valid("param");
    const [key] = await listApiKeys(database, { id }, nowMs);
    if (key === undefined || !(await revokeApiKey(database, id, nowMs))) throw notFound("key");
    noteDifference(c, { status: statusOf(key, nowMs) }, { status: "revoked" });
    return c.body(null, 204);
  });
}
