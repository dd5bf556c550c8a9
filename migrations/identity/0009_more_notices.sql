-- More kinds of mail: an app was let into the account, and the staff took its second factor away. SQLite changes a CHECK only by a
-- new table.
CREATE TABLE account_messages_next (
  id TEXT PRIMARY KEY CHECK (id GLOB 'msg_*'),
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN (
    'confirm_email', 'reset_password', 'change_email', 'email_changed', 'password_reset',
    'two_factor_on', 'two_factor_off', 'recovery_code_used', 'passkey_added', 'passkey_removed',
    'app_allowed', 'two_factor_reset'
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
