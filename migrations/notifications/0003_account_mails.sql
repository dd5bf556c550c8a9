-- Mails about accounts: neither address nor text nor link is kept; identity is asked for them when the mail is sent.
CREATE TABLE account_mails (
  message_id TEXT PRIMARY KEY CHECK (message_id GLOB 'msg_*'),
  status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed', 'skipped')),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  next_attempt_at_ms INTEGER NOT NULL,
  error TEXT,
  created_at_ms INTEGER NOT NULL,
  sent_at_ms INTEGER,
  CHECK ((status = 'sent') = (sent_at_ms IS NOT NULL))
) STRICT;
CREATE INDEX account_mails_due ON account_mails (next_attempt_at_ms) WHERE status = 'queued';
