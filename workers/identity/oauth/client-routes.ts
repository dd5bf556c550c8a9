/**
 * `/v1/admin/oauth-clients`: servers and apps that operators register. Nobody hands out more than they have: making a client
 * and taking its secret both need every scope that it holds.
 */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isoTime, systemClock } from "../../shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../../shared/cursor.ts";
import { jsonBody, jsonContent, notFound, problemResponses, type ServiceEnv } from "../../shared/http.ts";
import { idSchema } from "../../shared/identifiers.ts";
import {
  CLIENT_SCOPES,
  CUSTOMER_SCOPES,
  mayOperate,
  type OperatorScope,
  type Principal,
  requireOperator,
} from "../../shared/principal.ts";
import { noteDifference } from "../../shared/privileged-act.ts";
import { ProblemError } from "../../shared/problem.ts";
import { type Env, openStore } from "../env.ts";
import { PRIVATE } from "../representations.ts";
import { findClient } from "./authenticate-client.ts";
import { ClientName, RedirectUris } from "./client-metadata.ts";
import { createClient, deleteClient, type ListedClient, listClients, rotateSecret } from "./manage-clients.ts";
import type { ClientWithSecret } from "./new-client.ts";
import type { ClientRow } from "./schema.ts";
import { joinScope, splitScope } from "./scopes.ts";

const tags = ["oauth"];
const path = "/v1/admin/oauth-clients";
const OVERLAP_MAX_SECONDS = 7 * 24 * 60 * 60;
const ClientId = idSchema("app");
const ClientParam = z.strictObject({ id: z.string().max(100) });

const unique = (names: readonly string[]) => new Set(names).size === names.length;
const OperatorScopes = z.array(z.enum(CLIENT_SCOPES)).min(1).refine(unique, "must not name one twice");
const CustomerScopes = z.array(z.enum(CUSTOMER_SCOPES)).min(1).refine(unique, "must not name one twice");

const NewClient = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("server"), name: ClientName, scopes: OperatorScopes }),
    z.strictObject({
      kind: z.literal("app"),
      name: ClientName,
      redirect_uris: RedirectUris,
      scopes: CustomerScopes.optional(),
      /** False for programs on their users' computers, which can keep no secret. */
      confidential: z.boolean(),
    }),
  ])
  .openapi("NewOAuthClient");

const client = {
  id: ClientId,
  kind: z.enum(["app", "server"]),
  registered_by: z.enum(["itself", "operator"]),
  name: z.string(),
  redirect_uris: z.array(z.string()),
  scopes: z.array(z.string()),
  confidential: z.boolean(),
  maker_id: z.string().nullable().openapi({ description: "Null for the admin key, and for an app that registered itself." }),
  suspended: z.boolean().openapi({
    description: "A server whose maker is of the staff no more gets no tokens; rotate its secret to make it yours.",
  }),
  created_at: z.iso.datetime(),
};
const ClientJson = z.strictObject(client).openapi("OAuthClient");
const ClientWithSecretJson = z
  .strictObject({ ...client, client_secret: z.string().nullable().openapi({ description: "Said once; null for a public app." }) })
  .openapi("OAuthClientWithSecret");

const create = createRoute({
  method: "post",
  path,
  operationId: "createOAuthClient",
  tags,
  summary: "Register a server or an app",
  description:
    "A server gets tokens by `client_credentials` and acts for the shop with its scopes, none of which you may lack, and only " +
    "while you have them yourself. " +
    "An app acts for customers who allow it. Needs `keys:write`.",
  request: { body: jsonBody(NewClient) },
  responses: {
    201: jsonContent(ClientWithSecretJson, "The client, with its secret"),
    ...problemResponses(400, 401, 403, 422),
  },
});

const list = createRoute({
  method: "get",
  path,
  operationId: "listOAuthClients",
  tags,
  summary: "Clients, newest first, also those that registered themselves",
  description: "Needs `keys:read`.",
  request: { query: z.strictObject({ limit: PageLimit, cursor: z.string().max(200).optional() }) },
  responses: {
    200: jsonContent(z.strictObject({ items: z.array(ClientJson), next_cursor: z.string().nullable() }), "A page of clients"),
    ...problemResponses(400, 401, 403),
  },
});

const rotate = createRoute({
  method: "post",
  path: `${path}/{id}/rotate-secret`,
  operationId: "rotateOAuthClientSecret",
  tags,
  summary: "Give a client a new secret",
  description:
    "With an overlap both secrets work until it ends. Without one the old secret, and every access token of the client, stop " +
    "at once: so it is done when a secret has leaked. Needs `keys:write` and the client's scopes.",
  request: {
    params: ClientParam,
    body: jsonBody(z.strictObject({ overlap_seconds: z.int().min(0).max(OVERLAP_MAX_SECONDS).default(0) })),
  },
  responses: {
    200: jsonContent(ClientWithSecretJson, "The client, with its new secret"),
    ...problemResponses(400, 401, 403, 404, 409, 422),
  },
});

const remove = createRoute({
  method: "delete",
  path: `${path}/{id}`,
  operationId: "deleteOAuthClient",
  tags,
  summary: "Delete a client and everything it was allowed",
  description: "Its tokens stop at once. Needs `keys:write`.",
  request: { params: ClientParam },
  responses: { 204: { description: "Deleted" }, ...problemResponses(401, 403, 404) },
});

export function mountClientRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(create, async (c) => {
    const principal = c.get("principal");
    requireOperator(principal, "keys:write");
    const body = c.req.valid("json");
    if (body.kind === "server") requireEvery(principal, body.scopes);
    const made = await createClient(openStore(c.env).database, traitsOf(body), principal.subject, systemClock.now());
    noteDifference(c, null, loggedClient(made.client), `oauth-clients/${made.client.id}`);
    return c.json(withSecretJson(made), 201, PRIVATE);
  });
  app.openapi(list, async (c) => {
    requireOperator(c.get("principal"), "keys:read");
    const { limit, cursor } = c.req.valid("query");
    const beforeId = cursor === undefined ? undefined : decodeCursor(ClientId, cursor);
    const found = await listClients(openStore(c.env).database, { limit: limit + 1, beforeId });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = found.length > limit && last !== undefined ? encodeCursor(last.client.id) : null;
    return c.json({ items: page.map((listed) => clientJson(listed.client, isSuspended(listed))), next_cursor }, 200, PRIVATE);
  });
  app.openapi(rotate, async (c) => {
    const principal = c.get("principal");
    requireOperator(principal, "keys:write");
    const { database } = openStore(c.env);
    const found = await findClient(database, c.req.valid("param").id);
    if (found === undefined) throw notFound("client");
    if (found.kind === "server") requireEvery(principal, splitScope(found.scope) as OperatorScope[]);
    const overlapMs = c.req.valid("json").overlap_seconds * 1000;
    const rotated = await rotateSecret(database, found, principal.subject, overlapMs, systemClock.now());
    if (rotated === undefined) throw nothingToRotate(found);
    noteDifference(c, loggedClient(found), loggedClient(rotated.client));
    return c.json(withSecretJson(rotated), 200, PRIVATE);
  });
  app.openapi(remove, async (c) => {
    requireOperator(c.get("principal"), "keys:write");
    const deleted = await deleteClient(openStore(c.env).database, c.req.valid("param").id);
    if (deleted === undefined) throw notFound("client");
    noteDifference(c, loggedClient(deleted), null);
    return c.body(null, 204);
  });
}

function traitsOf(body: z.infer<typeof NewClient>) {
  if (body.kind === "server") return body;
  const { kind, name, redirect_uris: redirectUris, scopes = CUSTOMER_SCOPES, confidential } = body;
  const authMethod = confidential ? ("client_secret_basic" as const) : ("none" as const);
  return { kind, name, redirectUris, scope: joinScope(scopes), authMethod };
}

/** @throws ProblemError 403: whoever makes or takes a key could else open more than is theirs. */
function requireEvery(principal: Principal, scopes: readonly OperatorScope[]): void {
  const lacking = scopes.filter((scope) => !mayOperate(principal, scope));
  if (lacking.length === 0) return;
  throw new ProblemError({
    status: 403,
    code: "insufficient_scope",
    detail: `You cannot hand out what you do not have: ${joinScope(lacking)}.`,
  });
}

function nothingToRotate({ secretSha256 }: ClientRow): ProblemError {
  return new ProblemError({
    status: 409,
    code: secretSha256 === null ? "client_has_no_secret" : "secret_already_rotated",
    detail:
      secretSha256 === null ? "A public app has no secret." : "Somebody else has just rotated it. Look before doing it again.",
  });
}

function isSuspended({ client: { kind, makerId }, makerRole }: ListedClient): boolean {
  return kind === "server" && makerId !== null && makerRole === null;
}

function clientJson(row: ClientRow, suspended: boolean): z.infer<typeof ClientJson> {
  return {
    id: row.id,
    kind: row.kind,
    registered_by: row.registeredBy,
    name: row.name,
    redirect_uris: [...row.redirectUris],
    scopes: splitScope(row.scope),
    confidential: row.authMethod !== "none",
    maker_id: row.makerId,
    suspended,
    created_at: isoTime(row.createdAtMs),
  };
}

const FINGERPRINT_DIGITS = 8;

/** Without its name, which may be anybody's word. That a secret is another one shows in the first digits of its hash. */
function loggedClient(row: ClientRow) {
  const { name: _name, ...traits } = clientJson(row, false);
  const { secretSha256, previousSecretUntilMs } = row;
  return {
    ...traits,
    secret: secretSha256?.slice(0, FINGERPRINT_DIGITS) ?? null,
    previous_secret_until: previousSecretUntilMs === null ? null : isoTime(previousSecretUntilMs),
  };
}

function withSecretJson({ client: row, secret }: ClientWithSecret): z.infer<typeof ClientWithSecretJson> {
  return { ...clientJson(row, false), client_secret: secret };
}
