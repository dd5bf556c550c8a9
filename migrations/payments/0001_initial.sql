-- Where this follower stands in each source's log.
CREATE TABLE follower_cursors (
  source TEXT PRIMARY KEY,
  last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0)
) STRICT;

-- What we know of each payment. The provider is the truth about money: a row only saves asking, and its status only moves on.
CREATE TABLE payments (
  payment_id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  status TEXT NOT NULL CHECK (status IN ('requires_action', 'processing', 'declined', 'authorized', 'captured', 'cancelled')),
  captured_minor INTEGER NOT NULL DEFAULT 0 CHECK (captured_minor BETWEEN 0 AND amount_minor),
  refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  decline_code TEXT,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX payments_by_order ON payments (order_id);

-- Webhooks that had an effect, or were refused for a reason: written with the effect, after the order was told.
CREATE TABLE webhook_events (
  event_id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  order_id TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'unknown_order', 'mismatch')),
  received_at_ms INTEGER NOT NULL
) STRICT;

-- Double entries: per event, debits equal credits. Written once, never changed.
CREATE TABLE ledger_entries (
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
CREATE INDEX ledger_entries_by_order ON ledger_entries (order_id);
