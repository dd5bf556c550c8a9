-- Second factors: authenticator apps with recovery codes, and passkeys (docs/decisions/014-second-factors.md).

-- One app an account. Until it is confirmed by a first code it protects nothing.
CREATE TABLE authenticators (
  customer_id TEXT PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE,
  -- AES-GCM, bound to the customer.
  sealed_secret TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  confirmed_at_ms INTEGER,
  -- The time step of the last code that was accepted: no code of it, or of an earlier one, counts again (RFC 6238 §5.2).
  last_step INTEGER NOT NULL CHECK (last_step >= 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX authenticators_unconfirmed ON authenticators (created_at_ms) WHERE confirmed_at_ms IS NULL;

CREATE TRIGGER authenticators_accept_a_code_once BEFORE UPDATE OF last_step ON authenticators
WHEN NEW.last_step <= OLD.last_step
BEGIN
  SELECT RAISE(ABORT, 'a code is accepted once');
END;

-- A code that is used is gone. 80 random bits each, so a plain hash gives nothing away.
CREATE TABLE recovery_codes (
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  code_sha256 TEXT NOT NULL CHECK (length(code_sha256) = 64),
  PRIMARY KEY (customer_id, code_sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
  id TEXT PRIMARY KEY CHECK (id GLOB 'pky_*'),
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  -- Base64url, as the authenticator gave them.
  credential_id TEXT NOT NULL UNIQUE,
  public_key TEXT NOT NULL,
  -- Of signatures; 0 for ever with authenticators that do not count.
  counter INTEGER NOT NULL CHECK (counter >= 0),
  transports TEXT NOT NULL CHECK (json_valid(transports)),
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  last_used_at_ms INTEGER
) STRICT;

CREATE INDEX passkeys_by_customer ON passkeys (customer_id, id);

CREATE TRIGGER passkeys_count_upwards BEFORE UPDATE OF counter ON passkeys
WHEN NEW.counter < OLD.counter
BEGIN
  SELECT RAISE(ABORT, 'the counter of a passkey never goes back');
END;

-- A challenge is signed, so only those that were used are written down, until they would have expired anyway.
CREATE TABLE spent_challenges (
  id TEXT PRIMARY KEY CHECK (id GLOB 'chl_*'),
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_challenges_by_expiry ON spent_challenges (expires_at_ms);

-- More kinds of mail: SQLite changes a CHECK only by a new table.
CREATE TABLE account_messages_next (
  id TEXT PRIMARY KEY CHECK (id GLOB 'msg_*'),
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN (
    'confirm_email', 'reset_password', 'change_email', 'email_changed', 'password_reset',
    'two_factor_on', 'two_factor_off', 'recovery_code_used', 'passkey_added', 'passkey_removed'
  )),
  -- Where it goes, and what its link proves.
  email TEXT NOT NULL,
  email_normalized TEXT NOT NULL,
  -- For a change of address: the same password under the new address's salt.
  next_password_hash TEXT CHECK (next_password_hash GLOB '$argon2id$v=19$m=*,t=*,p=*$*$*'),
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL CHECK (expires_at_ms > created_at_ms),
  -- Used, or replaced by a later request, or made void by another change.
  closed_at_ms INTEGER,
  -- Notifications has it.
  sent_at_ms INTEGER,
  CHECK ((kind = 'change_email') = (next_password_hash IS NOT NULL))
) STRICT;

INSERT INTO account_messages_next
  (id, customer_id, kind, email, email_normalized, next_password_hash, created_at_ms, expires_at_ms, closed_at_ms, sent_at_ms)
SELECT id, customer_id, kind, email, email_normalized, next_password_hash, created_at_ms, expires_at_ms, closed_at_ms, sent_at_ms
FROM account_messages;
DROP TABLE account_messages;
ALTER TABLE account_messages_next RENAME TO account_messages;

CREATE UNIQUE INDEX account_messages_one_open ON account_messages (customer_id, kind) WHERE closed_at_ms IS NULL;
CREATE INDEX account_messages_unsent ON account_messages (id) WHERE sent_at_ms IS NULL;
CREATE INDEX account_messages_by_expiry ON account_messages (expires_at_ms);
