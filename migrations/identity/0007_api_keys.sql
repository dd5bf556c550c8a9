-- Keys of integrations. A key has one secret, or two while a rotation overlaps; only hashes of them are here.
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY CHECK (id GLOB 'key_*'),
  name TEXT NOT NULL,
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  -- Whose power it borrows: what the maker may not do any more, the key may not either. Null: made with the admin key.
  maker_id TEXT,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER CHECK (expires_at_ms > created_at_ms),
  revoked_at_ms INTEGER,
  -- To the minute: not every use is written.
  last_used_at_ms INTEGER
) STRICT;

-- A revoked key stays revoked (invariant I9), whatever the code above does.
CREATE TRIGGER api_keys_stay_revoked BEFORE UPDATE OF revoked_at_ms ON api_keys
WHEN OLD.revoked_at_ms IS NOT NULL AND NEW.revoked_at_ms IS NOT OLD.revoked_at_ms
BEGIN
  SELECT RAISE(ABORT, 'a revoked key stays revoked');
END;

CREATE TABLE api_key_secrets (
  secret_sha256 TEXT PRIMARY KEY CHECK (length(secret_sha256) = 64),
  key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
  -- Its last characters, to tell keys apart in a list.
  hint TEXT NOT NULL CHECK (length(hint) = 4),
  created_at_ms INTEGER NOT NULL,
  -- When a rotation ends it; null for the present one.
  expires_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX api_key_secrets_by_key ON api_key_secrets (key_id);
