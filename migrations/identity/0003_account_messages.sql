-- Mails about an account, and the links in them. A row is outbox and one-time token at once: the link's secret is derived from
-- the row's id by a key that is not in the database, so it rests nowhere (docs/decisions/011-account-messages.md).
CREATE TABLE account_messages (
  id TEXT PRIMARY KEY CHECK (id GLOB 'msg_*'),
  customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('confirm_email', 'reset_password', 'change_email', 'email_changed', 'password_reset')),
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

CREATE UNIQUE INDEX account_messages_one_open ON account_messages (customer_id, kind) WHERE closed_at_ms IS NULL;
CREATE INDEX account_messages_unsent ON account_messages (id) WHERE sent_at_ms IS NULL;
CREATE INDEX account_messages_by_expiry ON account_messages (expires_at_ms);

-- Until orders knows whose a confirmed address is, its guest orders are nobody's.
ALTER TABLE customers ADD COLUMN orders_told_at_ms INTEGER;
CREATE INDEX customers_to_tell ON customers (id) WHERE email_confirmed_at_ms IS NOT NULL AND orders_told_at_ms IS NULL;
