/** How the API's description tells of `/oauth/*`. The handlers parse by hand: OAuth has its own words for what is wrong. Data only. */
import { createRoute, z } from "@hono/zod-openapi";
import { jsonContent } from "../../shared/http.ts";
import { AUTH_METHODS } from "./schema.ts";

const tags = ["oauth"];

const OAuthErrorJson = z
  .object({ error: z.string(), error_description: z.string() })
  .openapi("OAuthError", { description: "RFC 6749 §5.2." });

function refusals(...statuses: readonly number[]) {
  return Object.fromEntries(statuses.map((status) => [status, jsonContent(OAuthErrorJson, "Refused, as RFC 6749 says it")]));
}

const clientFields = {
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
};

function formBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/x-www-form-urlencoded": { schema } } };
}

export const tokenRoute = createRoute({
  method: "post",
  path: "/oauth/token",
  operationId: "issueOAuthToken",
  tags,
  summary: "Exchange a code, a refresh token or a client's secret for an access token",
  description: "OAuth 2.1. A client with a secret sends it by HTTP Basic or in the form. See docs/oauth.md.",
  security: [],
  request: {
    body: formBody(
      z.object({
        grant_type: z.enum(["authorization_code", "refresh_token", "client_credentials"]),
        code: z.string().optional(),
        code_verifier: z.string().optional(),
        redirect_uri: z.string().optional(),
        refresh_token: z.string().optional(),
        scope: z.string().optional(),
        resource: z.string().optional(),
        ...clientFields,
      }),
    ),
  },
  responses: {
    200: jsonContent(
      z
        .object({
          access_token: z.string(),
          token_type: z.literal("Bearer"),
          expires_in: z.int(),
          scope: z.string(),
          refresh_token: z.string().optional(),
        })
        .openapi("OAuthTokens"),
      "The tokens",
    ),
    ...refusals(400, 401),
  },
});

export const revokeRoute = createRoute({
  method: "post",
  path: "/oauth/revoke",
  operationId: "revokeOAuthToken",
  tags,
  summary: "Give a token up (RFC 7009)",
  description: "A refresh token ends everything the customer allowed with it, at once; an access token ends itself.",
  security: [],
  request: { body: formBody(z.object({ token: z.string(), token_type_hint: z.string().optional(), ...clientFields })) },
  responses: { 200: { description: "It does not work any more, or never did" }, ...refusals(400, 401) },
});

export const registerRoute = createRoute({
  method: "post",
  path: "/oauth/register",
  operationId: "registerOAuthApp",
  tags,
  summary: "Register an app (RFC 7591)",
  description: "Can be switched off. An app that no customer has allowed within a week is forgotten.",
  security: [],
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.object({
            redirect_uris: z.array(z.string()),
            client_name: z.string().optional(),
            token_endpoint_auth_method: z.enum(AUTH_METHODS).optional(),
            scope: z.string().optional(),
          }),
        },
      },
    },
  },
  responses: {
    201: jsonContent(
      z
        .object({
          client_id: z.string(),
          client_id_issued_at: z.int(),
          client_secret: z.string().optional(),
          client_secret_expires_at: z.int().optional(),
          client_name: z.string(),
          redirect_uris: z.array(z.string()),
          grant_types: z.array(z.string()),
          response_types: z.array(z.string()),
          token_endpoint_auth_method: z.string(),
          scope: z.string(),
        })
        .openapi("OAuthRegistration"),
      "Registered. The secret is said once.",
    ),
    ...refusals(400, 403, 429),
  },
});

export const serverMetadataRoute = createRoute({
  method: "get",
  path: "/.well-known/oauth-authorization-server",
  operationId: "readOAuthServerMetadata",
  tags,
  summary: "Where and how to get tokens (RFC 8414)",
  responses: { 200: jsonContent(z.looseObject({ issuer: z.url() }), "The metadata") },
});

export const resourceMetadataRoute = createRoute({
  method: "get",
  path: "/.well-known/oauth-protected-resource",
  operationId: "readOAuthResourceMetadata",
  tags,
  summary: "Whose tokens the API takes (RFC 9728)",
  responses: { 200: jsonContent(z.looseObject({ resource: z.url() }), "The metadata") },
});
