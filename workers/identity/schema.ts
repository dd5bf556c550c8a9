/** Drizzle tables of identity's D1. The SQL in migrations/identity is the truth; these mirror it for typed queries. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { LOCALES } from "../shared/locales.ts";
import { STAFF_ROLES } from "../shared/staff-roles.ts";
import { ACCOUNT_MESSAGE_KINDS, ADDRESS_MESSAGE_KINDS } from "./contract.ts";

export const passwordSalts = sqliteTable("password_salts", {
  emailNormalized: text("email_normalized").primaryKey(),
  salt: text("salt").notNull(),
  memoryKib: integer("memory_kib").notNull(),
  passes: integer("passes").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
});

export const customers = sqliteTable("customers", {
  id: text("id").primaryKey(),
  email: text("email").notNull(),
  emailNormalized: text("email_normalized").notNull(),
  emailConfirmedAtMs: integer("email_confirmed_at_ms"),
  passwordHash: text("password_hash").notNull(),
  name: text("name"),
  status: text("status", { enum: ["active", "disabled"] }).notNull(),
  devicesSinceMs: integer("devices_since_ms").notNull(),
  ordersToldAtMs: integer("orders_told_at_ms"),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
  language: text("language", { enum: LOCALES }).notNull(),
});
export type CustomerRow = typeof customers.$inferSelect;

export const addresses = sqliteTable("addresses", {
  id: text("id").primaryKey(),
  customerId: text("customer_id").notNull(),
  label: text("label"),
  name: text("name").notNull(),
  line1: text("line1").notNull(),
  line2: text("line2"),
  city: text("city").notNull(),
  region: text("region"),
  postalCode: text("postal_code").notNull(),
  country: text("country").notNull(),
  phone: text("phone"),
  defaultShipping: integer("default_shipping", { mode: "boolean" }).notNull(),
  defaultBilling: integer("default_billing", { mode: "boolean" }).notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
export type AddressRow = typeof addresses.$inferSelect;

export const REVOCATION_REASONS = ["signed_out", "revoked", "password_changed", "refresh_reused"] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

export const sessions = sqliteTable("sessions", {
  id: text("id").primaryKey(),
  customerId: text("customer_id").notNull(),
  userAgentFamily: text("user_agent_family").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  lastUsedAtMs: integer("last_used_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
  revokedAtMs: integer("revoked_at_ms"),
  revokedReason: text("revoked_reason", { enum: REVOCATION_REASONS }),
});
export type SessionRow = typeof sessions.$inferSelect;

export const refreshTokens = sqliteTable("refresh_tokens", {
  tokenSha256: text("token_sha256").primaryKey(),
  sessionId: text("session_id").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
  rotatedAtMs: integer("rotated_at_ms"),
});

export const accountMessages = sqliteTable("account_messages", {
  id: text("id").primaryKey(),
  customerId: text("customer_id").notNull(),
  kind: text("kind", { enum: ACCOUNT_MESSAGE_KINDS }).notNull(),
  email: text("email").notNull(),
  emailNormalized: text("email_normalized").notNull(),
  nextPasswordHash: text("next_password_hash"),
  createdAtMs: integer("created_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
  closedAtMs: integer("closed_at_ms"),
  sentAtMs: integer("sent_at_ms"),
});
export type AccountMessageRow = typeof accountMessages.$inferSelect;

export const authenticators = sqliteTable("authenticators", {
  customerId: text("customer_id").primaryKey(),
  sealedSecret: text("sealed_secret").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  confirmedAtMs: integer("confirmed_at_ms"),
  lastStep: integer("last_step").notNull(),
});
export type AuthenticatorRow = typeof authenticators.$inferSelect;

export const recoveryCodes = sqliteTable(
  "recovery_codes",
  { customerId: text("customer_id").notNull(), codeSha256: text("code_sha256").notNull() },
  (table) => [primaryKey({ columns: [table.customerId, table.codeSha256] })],
);

export const passkeys = sqliteTable("passkeys", {
  id: text("id").primaryKey(),
  customerId: text("customer_id").notNull(),
  credentialId: text("credential_id").notNull(),
  publicKey: text("public_key").notNull(),
  counter: integer("counter").notNull(),
  transports: text("transports").notNull(),
  name: text("name").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  lastUsedAtMs: integer("last_used_at_ms"),
});
export type PasskeyRow = typeof passkeys.$inferSelect;

export const spentChallenges = sqliteTable("spent_challenges", {
  id: text("id").primaryKey(),
  expiresAtMs: integer("expires_at_ms").notNull(),
});

export const signingKeys = sqliteTable("signing_keys", {
  kid: text("kid").primaryKey(),
  publicJwk: text("public_jwk").notNull(),
  sealedPrivateJwk: text("sealed_private_jwk").notNull(),
  state: text("state", { enum: ["pending", "active", "retiring"] }).notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  stateSinceMs: integer("state_since_ms").notNull(),
});
export type SigningKeyRow = typeof signingKeys.$inferSelect;

export const addressMessages = sqliteTable("address_messages", {
  id: text("id").primaryKey(),
  kind: text("kind", { enum: ADDRESS_MESSAGE_KINDS }).notNull(),
  email: text("email").notNull(),
  emailNormalized: text("email_normalized").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
  sentAtMs: integer("sent_at_ms"),
  language: text("language", { enum: LOCALES }).notNull(),
});
export const staff = sqliteTable("staff", {
  id: text("id").primaryKey(),
  role: text("role", { enum: STAFF_ROLES }).notNull(),
  customerId: text("customer_id"),
  email: text("email"),
  emailNormalized: text("email_normalized"),
  messageId: text("message_id").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
  sentAtMs: integer("sent_at_ms"),
  acceptedAtMs: integer("accepted_at_ms"),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
export type StaffRow = typeof staff.$inferSelect;

export const apiKeys = sqliteTable("api_keys", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  scopes: text("scopes", { mode: "json" }).$type<readonly string[]>().notNull(),
  makerId: text("maker_id"),
  createdAtMs: integer("created_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms"),
  revokedAtMs: integer("revoked_at_ms"),
  lastUsedAtMs: integer("last_used_at_ms"),
});
export type ApiKeyRow = typeof apiKeys.$inferSelect;

export const apiKeySecrets = sqliteTable("api_key_secrets", {
  secretSha256: text("secret_sha256").primaryKey(),
  keyId: text("key_id").notNull(),
  hint: text("hint").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms"),
});
export type ApiKeySecretRow = typeof apiKeySecrets.$inferSelect;
