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

CREATE TABLE rebuilt_ledger_entries (
  id INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  account TEXT NOT NULL CHECK (account IN
    ('provider_receivable', 'sales_revenue', 'shipping_revenue', 'tax_payable', 'unallocated_refunds')),
  direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  order_id TEXT NOT NULL,
  event_type TEXT NOT NULL CHECK (event_type IN ('order.placed', 'order.refunded')),
  occurred_at_ms INTEGER NOT NULL,
  UNIQUE (event_id, account, direction)
) STRICT;
CREATE INDEX rebuilt_ledger_entries_by_order ON rebuilt_ledger_entries (order_id);
