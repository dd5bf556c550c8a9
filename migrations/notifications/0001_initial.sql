-- Where this follower stands in each source's log.
CREATE TABLE follower_cursors (
  source TEXT PRIMARY KEY,
  last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0)
) STRICT;

-- Log and outbox in one: a row is committed as `queued` with the cursor, then sent and marked.
CREATE TABLE notifications (
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  template TEXT NOT NULL CHECK (template IN ('order_confirmation', 'order_shipped', 'order_refunded', 'order_cancelled')),
  channel TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'push')),
  -- What of the event the message shows (a refund, a shipment): JSON, no personal data.
  details TEXT NOT NULL CHECK (json_valid(details)),
  status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed', 'skipped')),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  -- A claimed row is not due again before its lease ends, a failed one before its backoff does.
  next_attempt_at_ms INTEGER NOT NULL,
  recipient TEXT,
  subject TEXT,
  provider_id TEXT,
  error TEXT,
  created_at_ms INTEGER NOT NULL,
  sent_at_ms INTEGER,
  CHECK (status <> 'sent' OR sent_at_ms IS NOT NULL),
  UNIQUE (event_id, template, channel)
) STRICT;
CREATE INDEX notifications_by_order ON notifications (order_id, id);
CREATE INDEX notifications_by_status ON notifications (status, id);
CREATE INDEX notifications_due ON notifications (next_attempt_at_ms) WHERE status = 'queued';

-- When the one delayed wake-up of the outbox rings; past means none is under way.
CREATE TABLE outbox_alarm (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  rings_at_ms INTEGER NOT NULL
) STRICT;

-- Browsers that asked for web push about one order.
CREATE TABLE push_subscriptions (
  order_id TEXT PRIMARY KEY,
  endpoint TEXT NOT NULL,
  auth TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
