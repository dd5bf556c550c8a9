-- A rebuild fills these tables beside those that readers see, then makes the latter equal in one transaction.
CREATE TABLE projection_rebuilds (
  name TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('following', 'completed')),
  -- The last log that it has been through.
  after_source TEXT NOT NULL,
  sources INTEGER NOT NULL CHECK (sources >= 0),
  events INTEGER NOT NULL CHECK (events >= 0),
  removed INTEGER NOT NULL CHECK (removed >= 0),
  written INTEGER NOT NULL CHECK (written >= 0),
  started_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER
) STRICT;

CREATE TABLE rebuilt_follower_cursors (
  source TEXT PRIMARY KEY,
  last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0)
) STRICT;

CREATE TABLE rebuilt_notifications (
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  template TEXT NOT NULL CHECK (template IN ('order_confirmation', 'order_shipped', 'order_refunded', 'order_cancelled')),
  channel TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'push')),
  details TEXT NOT NULL CHECK (json_valid(details)),
  status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed', 'skipped')),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
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
CREATE INDEX rebuilt_notifications_by_order ON rebuilt_notifications (order_id);
