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

CREATE TABLE rebuilt_orders (
  order_id TEXT PRIMARY KEY,
  number TEXT,
  status TEXT NOT NULL
    CHECK (status IN ('submitted', 'awaiting_payment', 'placed', 'fulfilled', 'completed', 'failed', 'cancelled')),
  customer_id TEXT,
  email TEXT,
  country TEXT NOT NULL,
  currency TEXT NOT NULL,
  units INTEGER NOT NULL CHECK (units > 0),
  total_minor INTEGER NOT NULL CHECK (total_minor >= 0),
  refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND total_minor),
  created_at_ms INTEGER NOT NULL,
  placed_at_ms INTEGER,
  updated_at_ms INTEGER NOT NULL
) STRICT;
