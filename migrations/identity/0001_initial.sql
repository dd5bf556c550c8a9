-- Customers, their addresses and sessions, and the keys that sign access tokens. Times are epoch milliseconds.

-- One Argon2id salt and cost per e-mail address, so that one hash answers for every account that claims the address
-- (docs/decisions/005-registration.md).
CREATE TABLE password_salts (
  email_normalized TEXT PRIMARY KEY,
  salt TEXT NOT NULL CHECK (length(salt) = 22),
  memory_kib INTEGER NOT NULL CHECK (memory_kib >= 8192),
  passes INTEGER NOT NULL CHECK (passes >= 1),
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE customers (
  id TEXT PRIMARY KEY CHECK (id GLOB 'cus_*'),
  email TEXT NOT NULL,
  email_normalized TEXT NOT NULL REFERENCES password_salts (email_normalized),
  email_confirmed_at_ms INTEGER,
  password_hash TEXT NOT NULL CHECK (password_hash GLOB '$argon2id$v=19$m=*,t=*,p=*$*$*'),
  name TEXT,
  status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;

-- What signs in is the pair; a confirmed address belongs to one account only.
CREATE UNIQUE INDEX customers_by_credentials ON customers (email_normalized, password_hash);
CREATE UNIQUE INDEX customers_by_confirmed_email ON customers (email_normalized) WHERE email_confirmed_at_ms IS NOT NULL;

CREATE TABLE addresses (
  id TEXT PRIMARY KEY CHECK (id GLOB 'addr_*'),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  label TEXT,
  name TEXT NOT NULL,
  line1 TEXT NOT NULL,
  line2 TEXT,
  city TEXT NOT NULL,
  region TEXT,
  postal_code TEXT NOT NULL,
  country TEXT NOT NULL CHECK (length(country) = 2),
  phone TEXT,
  default_shipping INTEGER NOT NULL CHECK (default_shipping IN (0, 1)),
  default_billing INTEGER NOT NULL CHECK (default_billing IN (0, 1)),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX addresses_by_customer ON addresses (customer_id, id);
CREATE UNIQUE INDEX addresses_default_shipping ON addresses (customer_id) WHERE default_shipping = 1;
CREATE UNIQUE INDEX addresses_default_billing ON addresses (customer_id) WHERE default_billing = 1;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY CHECK (id GLOB 'ses_*'),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  user_agent_family TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  last_used_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL CHECK (expires_at_ms > created_at_ms),
  revoked_at_ms INTEGER,
  revoked_reason TEXT CHECK (revoked_reason IN ('signed_out', 'revoked', 'password_changed', 'refresh_reused')),
  CHECK ((revoked_at_ms IS NULL) = (revoked_reason IS NULL))
) STRICT;

CREATE INDEX sessions_by_customer ON sessions (customer_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

-- A revoked session stays revoked (invariant I9), whatever the code above does.
CREATE TRIGGER sessions_stay_revoked BEFORE UPDATE OF revoked_at_ms ON sessions
WHEN OLD.revoked_at_ms IS NOT NULL AND NEW.revoked_at_ms IS NOT OLD.revoked_at_ms
BEGIN
  SELECT RAISE(ABORT, 'a revoked session stays revoked');
END;

CREATE TABLE refresh_tokens (
  token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  rotated_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at_ms);
CREATE INDEX refresh_tokens_by_rotation ON refresh_tokens (rotated_at_ms) WHERE rotated_at_ms IS NOT NULL;

-- Private halves are sealed with AES-GCM; `kid` is the RFC 7638 thumbprint.
CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY,
  public_jwk TEXT NOT NULL CHECK (json_valid(public_jwk)),
  sealed_private_jwk TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'retiring')),
  created_at_ms INTEGER NOT NULL,
  state_since_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (state) WHERE state = 'active';
CREATE UNIQUE INDEX signing_keys_one_pending ON signing_keys (state) WHERE state = 'pending';
