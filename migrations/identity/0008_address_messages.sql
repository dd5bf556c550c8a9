-- Mails to an address, whether it has an account or not: links by which its owner asks for their data or for its erasure, and
-- word that the erasure has begun, which outlives the account. The link's secret is derived from the row's id, as for accounts.
CREATE TABLE address_messages (
  id TEXT PRIMARY KEY CHECK (id GLOB 'msg_*'),
  kind TEXT NOT NULL CHECK (kind IN ('confirm_export', 'confirm_erasure', 'erasure_begun')),
  email TEXT NOT NULL,
  email_normalized TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL CHECK (expires_at_ms > created_at_ms),
  -- Notifications has it.
  sent_at_ms INTEGER
) STRICT;

CREATE INDEX address_messages_unsent ON address_messages (id) WHERE sent_at_ms IS NULL;
CREATE INDEX address_messages_by_expiry ON address_messages (expires_at_ms);
CREATE INDEX address_messages_by_address ON address_messages (email_normalized);
