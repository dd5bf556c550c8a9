-- OAuth 2.1: apps that act for customers, servers that act for the shop, and what they were allowed (docs/decisions/015-oauth.md).
-- Scopes are written as OAuth writes them: names with single spaces between.

CREATE TABLE oauth_clients (
  id TEXT PRIMARY KEY CHECK (id GLOB 'app_*'),
  -- An `app` acts for customers who allow it; a `server` acts for the shop, with what an operator gave it.
  kind TEXT NOT NULL CHECK (kind IN ('app', 'server')),
  registered_by TEXT NOT NULL CHECK (registered_by IN ('itself', 'operator')),
  name TEXT NOT NULL,
  redirect_uris TEXT NOT NULL CHECK (json_type(redirect_uris) = 'array'),
  scope TEXT NOT NULL CHECK (scope <> ''),
  auth_method TEXT NOT NULL CHECK (auth_method IN ('none', 'client_secret_basic', 'client_secret_post')),
  secret_sha256 TEXT CHECK (length(secret_sha256) = 64),
  -- The secret before the last rotation, for as long as it overlaps.
  previous_secret_sha256 TEXT CHECK (length(previous_secret_sha256) = 64),
  previous_secret_until_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  CHECK ((auth_method = 'none') = (secret_sha256 IS NULL)),
  CHECK ((previous_secret_sha256 IS NULL) = (previous_secret_until_ms IS NULL)),
  CHECK (kind = 'app' OR (registered_by = 'operator' AND secret_sha256 IS NOT NULL AND redirect_uris = '[]')),
  CHECK (kind = 'server' OR json_array_length(redirect_uris) > 0)
) STRICT;

CREATE INDEX oauth_clients_by_registration ON oauth_clients (registered_by, id);

-- What one customer allowed one app at one time. It begins as a code, and is the family of all tokens that follow from it.
CREATE TABLE oauth_grants (
  id TEXT PRIMARY KEY CHECK (id GLOB 'grt_*'),
  client_id TEXT NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  scope TEXT NOT NULL CHECK (scope <> ''),
  code_sha256 TEXT NOT NULL UNIQUE CHECK (length(code_sha256) = 64),
  -- Of the verifier, by S256 (RFC 7636).
  code_challenge TEXT NOT NULL CHECK (length(code_challenge) = 43),
  -- As the request said it; null when it left it out.
  code_redirect_uri TEXT,
  code_expires_at_ms INTEGER NOT NULL,
  code_used_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  last_used_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL CHECK (expires_at_ms > created_at_ms),
  revoked_at_ms INTEGER,
  revoked_reason TEXT CHECK (revoked_reason IN ('revoked', 'revoked_by_app', 'code_reused', 'refresh_reused', 'password_changed')),
  CHECK ((revoked_at_ms IS NULL) = (revoked_reason IS NULL))
) STRICT;

CREATE INDEX oauth_grants_by_customer ON oauth_grants (customer_id, client_id);
CREATE INDEX oauth_grants_by_client ON oauth_grants (client_id);
CREATE INDEX oauth_grants_by_expiry ON oauth_grants (expires_at_ms);

-- A revoked grant stays revoked (invariant I9), whatever the code above does.
CREATE TRIGGER oauth_grants_stay_revoked BEFORE UPDATE OF revoked_at_ms ON oauth_grants
WHEN OLD.revoked_at_ms IS NOT NULL AND NEW.revoked_at_ms IS NOT OLD.revoked_at_ms
BEGIN
  SELECT RAISE(ABORT, 'a revoked grant stays revoked');
END;

-- The token itself is the id and a MAC of it, so that the rows open nothing without the secret. Without a grant the client
-- acts for the shop.
CREATE TABLE oauth_access_tokens (
  id TEXT PRIMARY KEY CHECK (id GLOB 'oat_*'),
  client_id TEXT NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  grant_id TEXT REFERENCES oauth_grants (id) ON DELETE CASCADE,
  scope TEXT NOT NULL CHECK (scope <> ''),
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX oauth_access_tokens_by_client ON oauth_access_tokens (client_id);
CREATE INDEX oauth_access_tokens_by_grant ON oauth_access_tokens (grant_id);
CREATE INDEX oauth_access_tokens_by_expiry ON oauth_access_tokens (expires_at_ms);

CREATE TABLE oauth_refresh_tokens (
  token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
  grant_id TEXT NOT NULL REFERENCES oauth_grants (id) ON DELETE CASCADE,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  rotated_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX oauth_refresh_tokens_by_grant ON oauth_refresh_tokens (grant_id);
CREATE INDEX oauth_refresh_tokens_by_expiry ON oauth_refresh_tokens (expires_at_ms);
CREATE INDEX oauth_refresh_tokens_by_rotation ON oauth_refresh_tokens (rotated_at_ms) WHERE rotated_at_ms IS NOT NULL;
