/** Drizzle tables of the authorization server. The SQL in migrations/identity is the truth; these mirror it for typed queries. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

export const oauthClients = sqliteTable("oauth_clients", {
  id: text("id").primaryKey(),
  kind: text("kind", { enum: ["app", "server"] }).notNull(),
  registeredBy: text("registered_by", { enum: ["itself", "operator"] }).notNull(),
  name: text("name").notNull(),
  redirectUris: text("redirect_uris", { mode: "json" }).$type<readonly string[]>().notNull(),
  scope: text("scope").notNull(),
  authMethod: text("auth_method", { enum: AUTH_METHODS }).notNull(),
  secretSha256: text("secret_sha256"),
  previousSecretSha256: text("previous_secret_sha256"),
  previousSecretUntilMs: integer("previous_secret_until_ms"),
  createdAtMs: integer("created_at_ms").notNull(),
  makerId: text("maker_id"),
});
export type ClientRow = typeof oauthClients.$inferSelect;

const REVOCATION_REASONS = ["revoked", "revoked_by_app", "code_reused", "refresh_reused", "password_changed"] as const;
export type GrantRevocationReason = (typeof REVOCATION_REASONS)[number];

export const oauthGrants = sqliteTable("oauth_grants", {
  id: text("id").primaryKey(),
  clientId: text("client_id").notNull(),
  customerId: text("customer_id").notNull(),
  scope: text("scope").notNull(),
  codeSha256: text("code_sha256").notNull(),
  codeChallenge: text("code_challenge").notNull(),
  codeRedirectUri: text("code_redirect_uri"),
  codeExpiresAtMs: integer("code_expires_at_ms").notNull(),
  codeUsedAtMs: integer("code_used_at_ms"),
  createdAtMs: integer("created_at_ms").notNull(),
  lastUsedAtMs: integer("last_used_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
  revokedAtMs: integer("revoked_at_ms"),
  revokedReason: text("revoked_reason", { enum: REVOCATION_REASONS }),
});
export type GrantRow = typeof oauthGrants.$inferSelect;

export const oauthAccessTokens = sqliteTable("oauth_access_tokens", {
  id: text("id").primaryKey(),
  clientId: text("client_id").notNull(),
  grantId: text("grant_id"),
  scope: text("scope").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
});

export const oauthRefreshTokens = sqliteTable("oauth_refresh_tokens", {
  tokenSha256: text("token_sha256").primaryKey(),
  grantId: text("grant_id").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
  rotatedAtMs: integer("rotated_at_ms"),
});
